import type { Change } from '../../core/change.ts'
import { ASKING_WINDOW } from '../../core/consent-limits.ts'
import { gravityOf } from '../../core/gravest.ts'
import { ERASURE_MAKERS } from './erasure-statements.ts'

/** A change that writes, and may find the world different from what its unit expects. */
export type ConditionalChange = Exclude<
  Change,
  { kind: 'add-facts' | 'expect-standing' | 'advance-standing' }
>
type Of<Kind extends ConditionalChange['kind']> = Extract<ConditionalChange, { kind: Kind }>

/** Changes one row where the world is as the change expects, and none where it is not. */
export interface Statement {
  readonly text: string
  readonly values: unknown[]
}

const MAKERS: { readonly [Kind in ConditionalChange['kind']]: (change: Of<Kind>) => Statement } = {
  ...ERASURE_MAKERS,
  'insert-task': ({ task: { revoked, completed, ...body } }) => ({
    text: `INSERT INTO task (tenant, id, created, body, revoked, completed, parent)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    values: [
      body.tenant,
      body.id,
      body.created,
      JSON.stringify(body),
      revocation(revoked),
      completed === undefined ? null : JSON.stringify(completed),
      body.parent ?? null,
    ],
  }),
  // The first revocation stands; a second one is no conflict, since what it asks for is so.
  'revoke-task': ({ tenant, task, ...change }) => ({
    text: 'UPDATE task SET revoked = coalesce(revoked, $3) WHERE tenant = $1 AND id = $2',
    values: [tenant, task, revocation(change)],
  }),
  'complete-task': ({ tenant, task, at, by }) => ({
    text: `UPDATE task SET completed = CASE WHEN revoked IS NULL THEN coalesce(completed, $3) ELSE completed END
      WHERE tenant = $1 AND id = $2`,
    values: [tenant, task, JSON.stringify({ at, by })],
  }),
  'renew-task': ({ tenant, task, from, expires }) => ({
    text: `UPDATE task SET expires = $3 WHERE tenant = $1 AND id = $2
      AND coalesce(expires, (body::json ->> 'expires')::bigint) = $4 AND completed IS NULL AND revoked IS NULL`,
    values: [tenant, task, expires, from],
  }),
  'hold-task': ({ tenant, task, from, holder }) => ({
    text: `UPDATE task SET body = (CASE WHEN $3::text IS NULL THEN body::jsonb - 'holder'
      ELSE body::jsonb || jsonb_build_object('holder', $3::text) END)::text
      WHERE tenant = $1 AND id = $2 AND (body::jsonb ->> 'holder') IS NOT DISTINCT FROM $4::text
      AND completed IS NULL AND revoked IS NULL`,
    values: [tenant, task, holder ?? null, from ?? null],
  }),
  'put-halt': ({ halt }) => ({
    text: 'INSERT INTO halt (tenant, target, id, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    values: [halt.tenant, halt.target, halt.id, JSON.stringify(halt)],
  }),
  'lift-halt': ({ tenant, target, id }) => ({
    text: 'DELETE FROM halt WHERE tenant = $1 AND target = $2 AND id = $3',
    values: [tenant, target, id],
  }),
  'add-tally': ({ tenant, root, what, mark, most = Number.MAX_SAFE_INTEGER }) => ({
    text: `INSERT INTO tally AS known (tenant, root, what, count, mark) SELECT $1, $2, $3, 1, $4::bigint
      WHERE $5::bigint >= 1 ON CONFLICT (tenant, root, what) DO UPDATE
      SET count = CASE WHEN known.mark = $4 THEN known.count + 1 ELSE 1 END, mark = $4
      WHERE CASE WHEN known.mark = $4 THEN known.count + 1 ELSE 1 END <= $5`,
    values: [tenant, root, what, mark, most],
  }),
  // Replicas take turns: the tenant's row is locked.
  'insert-approval': ({ approval, within }) => {
    const { tenant, id, task, root, call, state, votes, created } = approval
    const body = JSON.stringify(approval)
    const place = [approval.expires, gravityOf(approval.gates)]
    const row = [tenant, id, task, root ?? null, call, state, votes.length, created, body, ...place]
    const insert =
      'INSERT INTO approval (tenant, id, task, root, call, state, votes, created, body, expires, severity)'
    if (within === undefined || root === undefined) {
      return {
        text: `${insert} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
        values: row,
      }
    }
    return {
      text: `${insert} SELECT $1, $2, $3, $4, $5, $6, $7::integer, $8::bigint, $9, $10::bigint, $11::integer WHERE (
          SELECT count(*) FILTER (WHERE state = 'pending' AND (body::json ->> 'expires')::bigint > $8::bigint)
              < $12::bigint AND count(*) FILTER (WHERE created > $13::bigint) < $14::bigint
          FROM approval WHERE tenant = $1 AND root = $4
        ) ON CONFLICT DO NOTHING`,
      values: [...row, within.open, created - ASKING_WINDOW, within.hourly],
    }
  },
  'update-approval': ({ approval, from }) => {
    const { tenant, state, votes } = approval
    return {
      text: `UPDATE approval SET state = $1, votes = $2, body = $3
        WHERE tenant = $4 AND id = $5 AND state = $6 AND votes = $7`,
      values: [state, votes.length, JSON.stringify(approval), tenant, from.id, from.state, from.votes],
    }
  },
  'put-pin': ({ pin }) => {
    const { tenant, server, name, revision } = pin
    const values = [tenant, server, name, revision, JSON.stringify(pin)]
    if (revision === 1) {
      const text = `INSERT INTO pin (tenant, server, name, revision, body) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING`
      return { text, values }
    }
    const text = `UPDATE pin SET revision = $4, body = $5
      WHERE tenant = $1 AND server = $2 AND name = $3 AND revision = $4 - 1`
    return { text, values }
  },
  'put-delivery': ({ delivery }) => {
    const { tenant, id, channel, due, revision } = delivery
    const values = [tenant, id, channel, due, revision, JSON.stringify(delivery)]
    if (revision === 1) {
      const text = `INSERT INTO delivery (tenant, id, channel, due, revision, body) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING`
      return { text, values }
    }
    const text = `UPDATE delivery SET channel = $3, due = $4, revision = $5, body = $6
      WHERE tenant = $1 AND id = $2 AND revision = $5 - 1`
    return { text, values }
  },
  'remove-delivery': ({ tenant, id, revision }) => ({
    text: 'DELETE FROM delivery WHERE tenant = $1 AND id = $2 AND revision = $3',
    values: [tenant, id, revision],
  }),
  'put-oauth': ({ entry: { tenant, model, id, uid, userCode, at, expires, body } }) => ({
    text: `WITH old AS (
        DELETE FROM oauth WHERE (tenant, model, id) IN (
          SELECT tenant, model, id FROM oauth WHERE expires < $6 AND NOT (tenant = $1 AND model = $2 AND id = $3)
          LIMIT 100 FOR UPDATE SKIP LOCKED))
      INSERT INTO oauth (tenant, model, id, uid, user_code, at, expires, body)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (tenant, model, id) DO UPDATE
      SET uid = $4, user_code = $5, at = $6, expires = $7, body = $8`,
    values: [tenant, model, id, uid ?? null, userCode ?? null, at, expires, body],
  }),
  'consume-oauth': ({ tenant, model, id, at }) => ({
    text: `UPDATE oauth SET consumed = $4 WHERE tenant = $1 AND model = $2 AND id = $3 AND consumed IS NULL`,
    values: [tenant, model, id, at],
  }),
  'remove-oauth': ({ tenant, model, id }) => ({
    text: 'DELETE FROM oauth WHERE tenant = $1 AND model = $2 AND id = $3',
    values: [tenant, model, id],
  }),
  'put-secret': ({ secret }) => {
    const { tenant, name, version, key } = secret
    const values = [tenant, name, version, key, JSON.stringify(secret)]
    if (version === 1) {
      const text = `INSERT INTO secret (tenant, name, version, key, body) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING`
      return { text, values }
    }
    const text = `UPDATE secret SET version = $3, key = $4, body = $5
      WHERE tenant = $1 AND name = $2 AND version = $3 - 1`
    return { text, values }
  },
  'reseal-secret': ({ secret, from }) => {
    const { tenant, name, version, key } = secret
    return {
      text: `UPDATE secret SET key = $4, body = $5
        WHERE tenant = $1 AND name = $2 AND version = $3 AND key = $6`,
      values: [tenant, name, version, key, JSON.stringify(secret), from],
    }
  },
  'remove-secret': ({ tenant, name, version }) => ({
    text: 'DELETE FROM secret WHERE tenant = $1 AND name = $2 AND version = $3',
    values: [tenant, name, version],
  }),
  'insert-grant': ({ grant: { revoked, uses, ...body } }) => {
    const { tenant, id, task, covers, created } = body
    return {
      text: `INSERT INTO lasting_grant (tenant, id, task, covers, created, uses, body, revoked)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
      values: [tenant, id, task, covers.digest, created, uses, JSON.stringify(body), revocation(revoked)],
    }
  },
  'use-grant': ({ tenant, grant }) => ({
    text: 'UPDATE lasting_grant SET uses = uses + 1 WHERE tenant = $1 AND id = $2 AND revoked IS NULL',
    values: [tenant, grant],
  }),
  'revoke-grant': ({ tenant, grant, ...change }) => ({
    text: 'UPDATE lasting_grant SET revoked = coalesce(revoked, $3) WHERE tenant = $1 AND id = $2',
    values: [tenant, grant, revocation(change)],
  }),
}

export function statementOf<Kind extends ConditionalChange['kind']>(change: Of<Kind>): Statement {
  const make = MAKERS[change.kind] as (change: Of<Kind>) => Statement
  return make(change)
}

interface Revocation {
  readonly at: number
  readonly by: string
  readonly reason: string
}

function revocation(revoked: Revocation | undefined): string | null {
  if (revoked === undefined) return null
  const { at, by, reason } = revoked
  return JSON.stringify({ at, by, reason })
}
