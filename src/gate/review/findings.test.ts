import { describe, expect, test } from 'vitest'
import type { Approval } from '../../core/approval.ts'
import type { Gate } from '../../core/decision.ts'
import type { RecordEnvelope } from '../../core/record.ts'
import { secondLooks } from './look-at-approvals.ts'
import { combinedSurface, newSurface, standingAuthority, unusedPermits } from './look-at-surface.ts'
import { isSettled, type ItemMark } from './review-item.ts'
import { RecordTally } from './tally-records.ts'

const T0 = Date.UTC(2026, 10, 1)
let counted = 0

/** A decision about a call of one tree of tasks. */
function decided(of: {
  effect: 'allow' | 'deny' | 'consent'
  root?: string
  human?: string
  tool?: string
  policies?: readonly string[]
  operations?: RecordEnvelope['operations']
}): RecordEnvelope {
  counted += 1
  const { effect, root = 'tsk_1', human = 'alice', tool = 'write', policies = ['rule'] } = of
  return {
    v: 1,
    kind: 'decision',
    id: `dec_${counted}`,
    tenant: 'default',
    at: new Date(T0 - counted * 1_000).toISOString(),
    protection: 'advisory',
    identity: {
      agent: { id: 'a', kind: 'k' },
      chain: [root],
      task: root,
      human,
      workflow: 'code',
      environment: { claimed: 'laptop', proved: false },
    },
    call: { door: 'mcp', kind: 'tool', server: 'fs', tool },
    operations: of.operations ?? [{ action: 'file.write', type: 'File', labels: [], opaque: false }],
    decision: { effect, policies, errors: [], gates: [], policyHash: 'h', micros: 1 },
  }
}

/** @param newestFirst as a review reads them. */
function tallied(newestFirst: readonly RecordEnvelope[]): RecordTally {
  const tally = new RecordTally()
  for (const envelope of newestFirst) tally.add(envelope)
  return tally
}

describe('R-AUD-4: denials that look like missing permits', () => {
  const deny = decided({ effect: 'deny' })
  test.each<[string, readonly RecordEnvelope[], number, string]>([
    ['one stop of one task is none', [deny], 0, ''],
    ['three times', [deny, deny, deny], 1, 'denied 3 ×'],
    [
      'of two people',
      [deny, decided({ effect: 'deny', root: 'tsk_2', human: 'bob' })],
      1,
      '2 tasks of 2 humans',
    ],
    ['let through later', [decided({ effect: 'allow' }), deny], 1, '1 of them were let do it later'],
    [
      'done another way later',
      [decided({ effect: 'allow', tool: 'edit' }), deny],
      1,
      '1 of them did the same another way',
    ],
    ['allowed before is nothing', [deny, decided({ effect: 'allow' })], 0, ''],
    ['by another task later is nothing', [decided({ effect: 'allow', root: 'tsk_9' }), deny], 0, ''],
  ])('%s', (_name, newestFirst, count, words) => {
    const found = tallied(newestFirst).missingPermits()
    expect(found).toHaveLength(count)
    expect(found[0]?.says ?? '').toContain(words)
  })

  test('a flood of denials costs bounded memory and keeps three examples', () => {
    const tally = new RecordTally()
    for (let i = 0; i < 5_000; i += 1) tally.add(decided({ effect: 'deny', root: `tsk_${i}` }))
    const [found] = tally.missingPermits()
    expect(found).toMatchObject({ count: 5_000, says: expect.stringContaining('100 or more tasks') })
    expect(found?.records).toHaveLength(3)
  })
})

describe('R-AUD-4: approvals worth a second look', () => {
  const gate = (severity: Gate['severity']): Gate => {
    return { scope: 'ci', quorum: 1, severity, timeout: 60, policy: 'ci', reason: 'r' }
  }
  const approval = (of: {
    severity?: Gate['severity']
    by?: string
    after?: number
    grant?: 'task'
    refused?: boolean
    created?: number
  }): Approval => {
    const { severity = 'low', by = 'mona', after = 60_000, created = T0 } = of
    counted += 1
    const vote = { gate: 'ci', human: by, at: created + after, ...(of.grant ? { grant: of.grant } : {}) }
    return {
      id: `apr_${counted}`,
      task: 'tsk_1',
      root: 'tsk_1',
      human: 'alice',
      gates: [gate(severity)],
      votes: of.refused ? [] : [vote],
      state: of.refused ? 'refused' : 'used',
      created,
      ...(of.refused ? { refusal: { human: by, at: created + after, reason: 'no' } } : {}),
    } as unknown as Approval
  }
  test.each<[string, readonly Approval[], readonly string[]]>([
    ['slow, low, by another', [approval({})], []],
    ['quick', [approval({ after: 1_000 })], ['quick ci']],
    ['high by another after a while', [approval({ severity: 'high' })], ['high ci']],
    ['medium by the delegator alone', [approval({ severity: 'medium', by: 'alice' })], ['alone ci']],
    ['for the rest of the task', [approval({ grant: 'task' })], ['broad ci']],
    [
      'after three refusals',
      [...[0, 1, 2].map(() => approval({ refused: true })), approval({ created: T0 + 600_000 })],
      ['worn-down ci'],
    ],
    [
      'before three refusals',
      [...[0, 1, 2].map(() => approval({ refused: true, created: T0 + 900_000 })), approval({})],
      [],
    ],
  ])('%s', (_name, approvals, keys) => {
    expect(secondLooks(approvals).map(({ key }) => key)).toEqual(keys)
  })
})

describe('R-AUD-4: surface and authority', () => {
  test('what the last review had is not new; another definition and other roles are', () => {
    const parts = [
      { kind: 'server', name: 'fs', owner: 'tess' },
      { kind: 'tool', name: 'fs__write', version: 'b' },
      { kind: 'human', name: 'mona', version: 'maintainer' },
    ] as const
    const known = new Set(['server fs', 'tool fs__write a', 'human mona member'])
    expect(newSurface(parts, known, (key) => key).map(({ key }) => key)).toEqual([
      'tool fs__write b',
      'human mona maintainer',
    ])
    expect(newSurface(parts, undefined, (key) => key)).toHaveLength(3)
    expect(newSurface(parts, undefined, (key) => key)[0]?.owner).toBe('tess')
  })

  test('who could do much today is listed with why, and nobody else', () => {
    const day = 86_400_000
    const human = (id: string, roles: readonly string[]) =>
      ({ tenant: 'default', id, teams: [], roles }) as never
    const found = standingAuthority(
      [
        { human: human('bob', ['member']), active: [{ expires: T0 + day }], grants: [], glass: 0 },
        { human: human('mona', ['maintainer']), active: [], grants: [], glass: 1 },
        {
          human: human('lee', ['member']),
          active: [{ expires: T0 + 20 * day }],
          grants: [{ expires: T0 + 2 * day }],
          glass: 0,
        },
      ],
      T0,
    )
    expect(found.map(({ says }) => says)).toEqual([
      '`mona` administers, approves for others, broke the glass 1 ×',
      '`lee` has a task for 20 more days, has 1 consents that last longer than a day',
    ])
  })

  test('three halves that meet in one tree are told from those of different trees', () => {
    const reads = { action: 'net.fetch', type: 'Url', labels: [], opaque: false } as const
    const secret = { action: 'file.read', type: 'File', labels: ['secret'], opaque: false } as const
    const sends = { action: 'message.send', type: 'Channel', labels: [], opaque: false } as const
    const joined = [reads, secret, sends].map((each) => decided({ effect: 'allow', operations: [each] }))
    const apart = [secret, sends].map((each, at) =>
      decided({ effect: 'allow', root: `tsk_a${at}`, operations: [each] }),
    )
    const did = tallied([...joined, ...apart])
    const could = {
      workflow: 'code',
      untrusted: [{ tool: 'web__get' }],
      private: [{ tool: 'fs__read', owner: 'tess' }],
      outward: [{ tool: 'chat__send' }],
    }
    const [found] = combinedSurface([could], did.trees.values())
    expect(found).toMatchObject({ key: 'code', count: 1, records: ['tsk_1'] })
    expect(found?.says).toContain(
      'private data by fs__read (owner tess); out by chat__send (nobody owns it); 1 did',
    )
    expect(combinedSurface([{ ...could, outward: [] }], tallied(apart).trees.values())).toEqual([])
    expect(combinedSurface([{ ...could, outward: [] }], did.trees.values())[0]?.says).toContain(
      'can no longer',
    )
  })

  test('a permit that let something through is used', () => {
    const used = tallied([decided({ effect: 'allow', policies: ['a'] })]).usedPolicies
    const permits = [{ id: 'a' }, { id: 'b' }]
    expect(unusedPermits(permits, used, 200).map(({ key }) => key)).toEqual(['b'])
    expect(unusedPermits(permits, used, 199)).toEqual([])
  })
})

test('R-AUD-4: erasures, holds and silences between heartbeats are listed', () => {
  const beat = (minute: number): RecordEnvelope => ({
    v: 1,
    kind: 'ledger.heartbeat',
    id: `gwy_${minute}`,
    tenant: 'default',
    at: new Date(T0 + minute * 60_000).toISOString(),
    protection: 'advisory',
    data: { interval: 60_000 },
  })
  const tally = tallied([beat(20), beat(19), beat(9), { ...beat(8), kind: 'erasure.ordered' }, beat(7)])
  expect(tally.ofLedger().map(({ says }) => says)).toEqual([
    '1 × silence between heartbeats',
    '1 × erasure.ordered',
  ])
})

test.each<[string, ItemMark | undefined, number, boolean]>([
  ['nobody said anything', undefined, 5, false],
  ['to do', { mark: 'todo', by: 'm', at: 9 }, 5, false],
  ['accepted for good', { mark: 'accepted', by: 'm', at: 9 }, 99, true],
  ['accepted until later', { mark: 'accepted', by: 'm', at: 9, until: 20 }, 5, true],
  ['accepted until now', { mark: 'accepted', by: 'm', at: 9, until: 10 }, 5, false],
  ['fixed, and not seen since', { mark: 'fixed', by: 'm', at: 9 }, 5, true],
  ['fixed, and seen again', { mark: 'fixed', by: 'm', at: 4 }, 5, false],
])('R-AUD-4: an item is settled or not: %s', (_name, mark, last, settled) => {
  expect(isSettled({ last }, mark, 10)).toBe(settled)
})
