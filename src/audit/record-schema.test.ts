import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { ACTIONS } from '../core/actions.ts'
import { ENVIRONMENTS } from '../core/identity.ts'
import { LABELS } from '../core/labels.ts'
import { RECORD_KINDS, type NewRecord } from '../core/record.ts'
import { decisionRecord, outcomeRecord } from '../../test/suites/sample-records.ts'
import { NO_LEAF } from './merkle-hash.ts'
import { recordBody, serialiseRecord } from './serialise-record.ts'

interface Schema {
  readonly enum?: readonly string[]
  readonly properties?: { readonly [member: string]: Schema }
  readonly items?: Schema
}

const published = JSON.parse(
  readFileSync(new URL('../../schemas/record-v1.schema.json', import.meta.url), 'utf8'),
) as Schema
const schema = z.fromJSONSchema(published as Parameters<typeof z.fromJSONSchema>[0])

describe('the published schema of records', () => {
  it('R-AUD-1: describes every record that the gateway writes', () => {
    for (const record of samples()) {
      const body = bodyOf(record)
      expect(schema.safeParse(body)).toMatchObject({ success: true })
      expect(schema.safeParse({ ...body, intent: 'secret' }).success).toBe(false)
      expect(schema.safeParse({ ...body, writer: {} }).success).toBe(false)
      expect(schema.safeParse({ ...body, kind: 'other' }).success).toBe(false)
    }
  })

  it('R-AUD-1: has the words of the closed vocabularies', () => {
    const { kind, operations, identity } = published.properties ?? {}
    expect(kind?.enum).toEqual([...RECORD_KINDS])
    expect(operations?.items?.properties?.['action']?.enum).toEqual(Object.keys(ACTIONS))
    expect(operations?.items?.properties?.['labels']?.items?.enum).toEqual(Object.keys(LABELS))
    expect(identity?.properties?.['environment']?.properties?.['claimed']?.enum).toEqual([...ENVIRONMENTS])
  })

  it('names every member that a body can have', () => {
    const all = samples().flatMap((record) => Object.keys(bodyOf(record)))
    expect(Object.keys(published.properties ?? {}).toSorted()).toEqual([...new Set(all)].toSorted())
  })
})

/** Between them they have every member. */
function samples(): NewRecord[] {
  const decision = decisionRecord({ id: 'dec_1', task: 'tsk_1' })
  const { identity: _, call: __, decision: ___, operations: ____, ...plain } = decision.envelope
  return [
    decision,
    outcomeRecord({ id: 'dec_1', task: 'tsk_1' }),
    {
      envelope: {
        ...plain,
        kind: 'approval.granted',
        id: 'apr_1',
        actor: 'eve',
        approval: { id: 'apr_1', state: 'granted', approvers: ['eve'] },
        glass: { id: 'apr_2', approvers: ['eve', 'mona'] },
        data: { votes: 1 },
      },
    },
    {
      envelope: {
        ...plain,
        kind: 'grant.created',
        id: 'grt_1',
        actor: 'eve',
        grant: { id: 'grt_1', approvers: ['eve'] },
      },
    },
  ]
}

function bodyOf(record: NewRecord): object {
  const seals = { ...(record.detail && { detail: 'a'.repeat(64) }) }
  const mark = { id: 'wrt_1', prev: NO_LEAF, seq: 0 }
  return JSON.parse(recordBody(serialiseRecord(record), seals, mark)) as object
}
