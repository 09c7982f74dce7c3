import type { Pool } from 'pg'
import type { ErasureChange } from '../../core/erasure.ts'
import type { Statement } from './change-statements.ts'

type Of<Kind extends ErasureChange['kind']> = Extract<ErasureChange, { kind: Kind }>

/** Erasures and holds; those that are no conflict whatever is there answer with one row. */
export const ERASURE_MAKERS: {
  readonly [Kind in ErasureChange['kind']]: (change: Of<Kind>) => Statement
} = {
  'content-erased': ({ tenant, ranges, parts }) => {
    const cleared = parts.map((part) => `${part} = NULL, ${part}_salt = NULL`).join(', ')
    return {
      text: `WITH erased AS (
          UPDATE content SET ${cleared} FROM tenant, unnest($2::bigint[], $3::bigint[]) AS range (first, last)
          WHERE tenant.id = $1 AND content.tenant = tenant.number AND content.index BETWEEN range.first AND range.last)
        SELECT 1`,
      values: [tenant, ranges.map(([first]) => first), ranges.map(([, last]) => last)],
    }
  },
  'approval-erased': ({ approval, from }) => ({
    text: `UPDATE approval SET call = $1, body = $2 WHERE tenant = $3 AND id = $4 AND state = $5 AND votes = $6`,
    values: [approval.call, JSON.stringify(approval), approval.tenant, approval.id, from.state, from.votes],
  }),
  'grant-erased': ({ grant: { revoked, uses: _uses, ...body } }) => ({
    text: 'UPDATE lasting_grant SET covers = $1, body = $2, revoked = $3 WHERE tenant = $4 AND id = $5',
    values: [
      body.covers.digest,
      JSON.stringify(body),
      revoked === undefined ? null : JSON.stringify(revoked),
      body.tenant,
      body.id,
    ],
  }),
  'task-erased': ({ task: { revoked, completed: _completed, ...body } }) => ({
    text: 'UPDATE task SET body = $1, revoked = $2 WHERE tenant = $3 AND id = $4',
    values: [
      JSON.stringify(body),
      revoked === undefined ? null : JSON.stringify(revoked),
      body.tenant,
      body.id,
    ],
  }),
  'tallies-erased': ({ tenant, root }) => ({
    text: 'WITH gone AS (DELETE FROM tally WHERE tenant = $1 AND root = $2) SELECT 1',
    values: [tenant, root],
  }),
  'erasure-settled': () => ({ text: 'SELECT 1', values: [] }),
  'put-hold': ({ hold }) => ({
    text: 'INSERT INTO hold (tenant, id, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    values: [hold.tenant, hold.id, JSON.stringify(hold)],
  }),
  'lift-hold': ({ tenant, id }) => ({
    text: 'DELETE FROM hold WHERE tenant = $1 AND id = $2',
    values: [tenant, id],
  }),
  'expect-holds': ({ tenant, ids }) => ({
    text: `SELECT 1 WHERE ARRAY(SELECT id FROM hold WHERE tenant = $1 ORDER BY id COLLATE "C") = $2::text[]`,
    values: [tenant, ids],
  }),
}

/** The versions of rows that were erased give their room back; whoever still reads an older state keeps them alive. */
export async function vacuumErased(pool: Pool): Promise<void> {
  await pool.query(
    'VACUUM search_posting, search_term, search_erasable, content, approval, lasting_grant, task, tally',
  )
}
