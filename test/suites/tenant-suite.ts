import { expect, it } from 'vitest'
import type { Approval } from '../../src/core/approval.ts'
import { EVERYTHING } from '../../src/core/audit-query/condition.ts'
import type { Change } from '../../src/core/change.ts'
import type { LegalHold } from '../../src/core/erasure.ts'
import type { ApprovalId, Digest, GrantId, HumanId, TaskId, TenantId } from '../../src/core/ids.ts'
import type { NewRecord } from '../../src/core/record.ts'
import type { ToolPin } from '../../src/core/tool-pin.ts'
import type { Store } from '../../src/store/store.ts'
import {
  AT,
  decisionRecord,
  sampleApproval,
  sampleDelivery,
  sampleGrant,
  samplePin,
  sampleTask,
} from './sample-records.ts'

const ALPHA = 'alpha' as TenantId
const BETA = 'beta' as TenantId
/** Never writes anything. */
const NOBODY = 'nobody' as TenantId

const ROOT = 'tsk_1' as TaskId
const CHILD = 'tsk_2' as TaskId
const CALL = 'e'.repeat(64) as Digest
const WORK = 'a'.repeat(64) as Digest

type Ports = Omit<Store, 'journal' | 'close'>
/** One reading for every operation of every port: what is added to one has to be added here. */
type Readings = {
  readonly [P in keyof Ports]: {
    readonly [M in keyof Ports[P]]: (port: Ports[P], tenant: TenantId) => unknown
  }
}
/** One change of every kind: the same. */
type Changes = { readonly [K in Change['kind']]: (tenant: TenantId) => Extract<Change, { kind: K }> }

const READINGS: Readings = {
  tasks: {
    get: async (port, tenant) => [await port.get(tenant, ROOT), await port.get(tenant, CHILD)],
    list: (port, tenant) => port.list(tenant, 100),
    children: (port, tenant) => port.children(tenant, ROOT),
    facts: (port, tenant) => port.facts(tenant, ROOT),
    tallies: (port, tenant) => port.tallies(tenant, ROOT, ['call', 'file']),
    standing: (port, tenant) => port.standing(tenant),
  },
  approvals: {
    get: (port, tenant) => port.get(tenant, 'apr_1' as ApprovalId),
    findByCall: (port, tenant) => port.findByCall(tenant, ROOT, CALL),
    asked: (port, tenant) => port.asked(tenant, ROOT, AT),
    refused: (port, tenant) => port.refused(tenant, ROOT, 9),
    list: async (port, tenant) => [
      await port.list(tenant, { limit: 100 }),
      await port.list(tenant, { state: 'pending', limit: 100 }),
    ],
    waiting: (port, tenant) => port.waiting(tenant, 100),
    some: (port, tenant) => port.some(tenant, ['apr_1' as ApprovalId]),
    due: (port, tenant) => port.due(tenant, AT + 10_000_000, 100),
    made: (port, tenant) => port.made(tenant, { from: 0, until: AT + 10_000_000, limit: 100 }),
  },
  grants: {
    get: (port, tenant) => port.get(tenant, 'grt_1' as GrantId),
    findCovering: (port, tenant) => port.findCovering(tenant, ROOT, WORK),
    list: async (port, tenant) => [
      await port.list(tenant, { limit: 100 }),
      await port.list(tenant, { task: ROOT, limit: 100 }),
    ],
  },
  pins: { list: (port, tenant) => port.list(tenant) },
  secrets: { list: (port, tenant) => port.list(tenant) },
  oauth: {
    get: (port, tenant) => port.get(tenant, 'Code', 'c1'),
    find: async (port, tenant) => [
      await port.find(tenant, 'Code', 'uid', 'u1'),
      await port.find(tenant, 'Code', 'userCode', 'BCDF'),
    ],
  },
  logins: {
    get: (port, tenant) => port.get(tenant, 'Code', 'c1'),
    list: (port, tenant) => port.list(tenant, 'Code', 'u1'),
  },
  holds: { list: (port, tenant) => port.list(tenant) },
  outbox: { due: (port, tenant) => port.due(tenant, { now: AT, limit: 100 }) },
  search: {
    find: (port, tenant) => port.find({ tenant, where: EVERYTHING, order: 'newest', limit: 100 }),
    count: (port, tenant) =>
      port.count({ tenant, where: { kind: 'like', field: 'human', pattern: 'a*' }, order: 'newest' }),
    values: (port, tenant) => port.values(tenant, 'human', '', 100),
  },
  records: {
    query: async (port, tenant) => [
      await port.query({ tenant }),
      await port.query({ tenant, task: ROOT }),
      await port.query({ tenant, kind: 'decision', before: 1_000 }),
      await port.query({ tenant, id: 'dec_1', after: -1 }),
    ],
    // Which checkpoint was signed last is a matter of time.
    head: async (port, tenant) => (await port.head(tenant)).size,
  },
}

const by = (tenant: TenantId): HumanId => `ada-of-${tenant}` as HumanId

/** In an order in which each finds what it is about. */
const CHANGES: Changes = {
  'insert-task': (tenant) => ({ kind: 'insert-task', task: task(tenant, ROOT) }),
  'renew-task': (tenant) => {
    const { expires: from } = task(tenant, ROOT)
    return { kind: 'renew-task', tenant, task: ROOT, from, expires: from + 5 }
  },
  'hold-task': (tenant) => ({
    kind: 'hold-task',
    tenant,
    task: ROOT,
    from: undefined,
    holder: `key-of-${tenant}`,
  }),
  'add-facts': (tenant) => ({
    kind: 'add-facts',
    tenant,
    root: ROOT,
    add: { calls: 1, labels: ['secret'] },
  }),
  'add-tally': (tenant) => ({ kind: 'add-tally', tenant, root: ROOT, what: 'call', mark: 0 }),
  'insert-approval': (tenant) => ({
    kind: 'insert-approval',
    approval: sampleApproval('apr_1', { tenant, root: ROOT, human: by(tenant), prompt: `push of ${tenant}` }),
  }),
  'update-approval': (tenant) => ({
    kind: 'update-approval',
    from: { id: 'apr_1' as ApprovalId, state: 'pending', votes: 0 },
    approval: sampleApproval('apr_1', { tenant, root: ROOT, human: by(tenant), state: 'refused' }),
  }),
  'insert-grant': (tenant) => ({
    kind: 'insert-grant',
    grant: sampleGrant('grt_1', { tenant, human: by(tenant) }),
  }),
  'use-grant': (tenant) => ({ kind: 'use-grant', tenant, grant: 'grt_1' as GrantId }),
  'revoke-grant': (tenant) => ({
    kind: 'revoke-grant',
    tenant,
    grant: 'grt_1' as GrantId,
    at: AT,
    by: by(tenant),
    reason: 'over',
  }),
  'put-pin': (tenant) => ({
    kind: 'put-pin',
    pin: pin(tenant, 1),
  }),
  'put-secret': (tenant) => ({ kind: 'put-secret', secret: secret(tenant) }),
  'reseal-secret': (tenant) => ({
    kind: 'reseal-secret',
    secret: { ...secret(tenant), key: 'k2' },
    from: 'k1',
  }),
  'remove-secret': (tenant) => ({ kind: 'remove-secret', tenant, name: 'forge', version: 1 }),
  'put-delivery': (tenant) => ({
    kind: 'put-delivery',
    delivery: sampleDelivery('dlv_1', { tenant, approval: `apr-of-${tenant}` as ApprovalId }),
  }),
  'remove-delivery': (tenant) => ({ kind: 'remove-delivery', tenant, id: 'dlv_1', revision: 1 }),
  'put-oauth': (tenant) => ({
    kind: 'put-oauth',
    entry: {
      tenant,
      model: 'Code',
      id: 'c1',
      uid: 'u1',
      userCode: 'BCDF',
      at: AT,
      expires: AT + 60_000,
      body: JSON.stringify({ of: tenant }),
    },
  }),
  'consume-oauth': (tenant) => ({ kind: 'consume-oauth', tenant, model: 'Code', id: 'c1', at: AT }),
  'remove-oauth': (tenant) => ({ kind: 'remove-oauth', tenant, model: 'Code', id: 'c1' }),
  'put-halt': (tenant) => ({
    kind: 'put-halt',
    halt: { tenant, target: 'agent', id: 'claude-code', at: AT, by: by(tenant), reason: `of ${tenant}` },
  }),
  'lift-halt': (tenant) => ({ kind: 'lift-halt', tenant, target: 'agent', id: 'claude-code' }),
  'advance-standing': (tenant) => ({ kind: 'advance-standing', tenant }),
  'expect-standing': (tenant) => ({ kind: 'expect-standing', tenant, revision: 0 }),
  'complete-task': (tenant) => ({ kind: 'complete-task', tenant, task: ROOT, at: AT, by: by(tenant) }),
  'revoke-task': (tenant) => ({
    kind: 'revoke-task',
    tenant,
    task: ROOT,
    at: AT,
    by: by(tenant),
    reason: 'over',
  }),
  'put-hold': (tenant) => ({ kind: 'put-hold', hold: hold(tenant) }),
  'expect-holds': (tenant) => ({ kind: 'expect-holds', tenant, ids: ['hld_1'] }),
  'lift-hold': (tenant) => ({ kind: 'lift-hold', tenant, id: 'hld_1' }),
  'content-erased': (tenant) => ({
    kind: 'content-erased',
    tenant,
    ranges: [[0, 1]],
    parts: ['detail', 'payload'],
  }),
  'approval-erased': (tenant) => ({
    kind: 'approval-erased',
    from: { state: 'pending', votes: 0 },
    approval: sampleApproval('apr_1', { tenant, root: ROOT, human: by(tenant), prompt: 'erased' }),
  }),
  'grant-erased': (tenant) => ({
    kind: 'grant-erased',
    grant: sampleGrant('grt_1', { tenant, human: by(tenant), tool: 'erased' }),
  }),
  'task-erased': (tenant) => ({ kind: 'task-erased', task: { ...task(tenant, ROOT), intent: 'erased' } }),
  'tallies-erased': (tenant) => ({ kind: 'tallies-erased', tenant, root: ROOT }),
  'erasure-settled': (tenant) => ({ kind: 'erasure-settled', tenant }),
}

/** What a tenant has before others come: one of everything, and nothing of it ended. */
const FILLING = [
  'insert-task',
  'add-facts',
  'add-tally',
  'insert-approval',
  'insert-grant',
  'put-pin',
  'put-secret',
  'put-oauth',
  'put-delivery',
  'put-halt',
  'put-hold',
] as const satisfies readonly Change['kind'][]

function refusedApproval(tenant: TenantId): Approval {
  const refusal = { human: by(tenant), at: AT, reason: `not in ${tenant}` }
  const call = 'f'.repeat(64) as Digest
  return sampleApproval('apr_2', { tenant, root: ROOT, call, human: by(tenant), state: 'refused', refusal })
}

/** What every store must do with the same ids in two tenants. */
export function describeTenants(store: () => Store, reopen: () => Promise<void>): void {
  const commit = (changes: readonly Change[], records: readonly NewRecord[] = []): Promise<string> =>
    store().journal.commit({ records, changes })
  const fill = (tenant: TenantId): Promise<string> =>
    commit(
      [
        ...FILLING.map((kind) => CHANGES[kind](tenant)),
        { kind: 'insert-task', task: { ...task(tenant, CHILD), parent: ROOT } },
        { kind: 'insert-approval', approval: refusedApproval(tenant) },
      ],
      [record(tenant, 'dec_1'), record(tenant, 'dec_2')],
    )
  const read = async (tenant: TenantId): Promise<Record<string, unknown>> => {
    const seen: Record<string, unknown> = {}
    for (const [name, readings] of Object.entries(READINGS)) {
      const port: unknown = store()[name as keyof Ports]
      for (const [operation, reading] of Object.entries(readings)) {
        seen[`${name}.${operation}`] = await (reading as (port: unknown, tenant: TenantId) => unknown)(
          port,
          tenant,
        )
      }
    }
    return seen
  }

  it('R-POL-11: no operation of any port shows one tenant anything of another one', async () => {
    expect(await fill(ALPHA)).toBe('committed')
    const own = await read(ALPHA)
    for (const [operation, answer] of Object.entries(own)) {
      const empty = (await read(NOBODY))[operation]
      expect({ operation, answer }).not.toEqual({ operation, answer: empty })
    }
    expect(await read(BETA)).toEqual(await read(NOBODY))
    await reopen()
    expect(await read(ALPHA)).toEqual(own)
    expect(await read(BETA)).toEqual(await read(NOBODY))
    expect(await fill(BETA)).toBe('committed')
    expect(JSON.stringify(await read(BETA))).not.toContain(ALPHA)
  })

  it('R-POL-11: no change of one tenant touches another one’s row of the same id, nor depends on it', async () => {
    // Once where nobody has anything, and once where another tenant has the same.
    const alone = await results(NOBODY)
    await fill(ALPHA)
    const own = await read(ALPHA)
    expect(await results(BETA)).toEqual(alone)
    expect(await read(ALPHA)).toEqual(own)
    await reopen()
    expect(await read(ALPHA)).toEqual(own)
    expect(await commit([CHANGES['update-approval'](ALPHA)])).toBe('committed')
  })

  it('R-POL-11: what one tenant changes a second time is its own, and another one’s is not what it is compared with', async () => {
    await fill(ALPHA)
    await fill(BETA)
    await reopen()
    const own = await read(ALPHA)
    const again: readonly Change[] = [
      { kind: 'put-pin', pin: pin(BETA, 2) },
      { kind: 'put-secret', secret: { ...secret(BETA), version: 2 } },
      CHANGES['add-tally'](BETA),
    ]
    expect(await commit(again)).toBe('committed')
    expect(await store().tasks.tallies(BETA, ROOT, ['call'])).toEqual([{ count: 2, mark: 0 }])
    expect(await read(ALPHA)).toEqual(own)
    await reopen()
    expect(await read(ALPHA)).toEqual(own)

    // A third tenant's first is its first, however far the others are.
    const first = CHANGES['add-tally'](NOBODY)
    expect(await commit([first])).toBe('committed')
    expect(await store().tasks.tallies(NOBODY, ROOT, ['call'])).toEqual([{ count: 1, mark: 0 }])
    expect(await commit([{ kind: 'put-pin', pin: pin(NOBODY, 2) }])).toBe('conflict')
    expect(await commit([{ kind: 'put-secret', secret: { ...secret(NOBODY), version: 2 } }])).toBe('conflict')
  })

  async function results(tenant: TenantId): Promise<readonly string[]> {
    const seen: string[] = []
    const kinds = Object.keys(CHANGES) as Change['kind'][]
    // Backwards first: what there is not yet is not found at the other tenant.
    for (const kind of [...kinds.filter((each) => !FILLING.some((one) => one === each)), ...kinds]) {
      seen.push(`${kind}: ${await commit([CHANGES[kind](tenant)], [record(tenant, `dec_of_${kind}`)])}`)
    }
    return seen
  }
}

function task(tenant: TenantId, id: TaskId) {
  return sampleTask(id, { tenant, human: by(tenant), intent: `mend the tests of ${tenant}` })
}

function hold(tenant: TenantId): LegalHold {
  return {
    tenant,
    id: 'hld_1',
    covers: { target: 'human', human: by(tenant) },
    at: AT,
    by: by(tenant),
    reason: `case of ${tenant}`,
  }
}

function pin(tenant: TenantId, revision: number): ToolPin {
  return { ...samplePin({ name: 'push', revision }), tenant }
}

function secret(tenant: TenantId) {
  return {
    tenant,
    name: 'forge',
    version: 1,
    sealed: `c2VhbGVk-${tenant}`,
    key: 'k1',
    at: AT,
    by: by(tenant),
  }
}

function record(tenant: TenantId, id: string): NewRecord {
  const made = decisionRecord({ id, task: ROOT, tenant })
  return { ...made, payload: { arguments: { content: `written by ${tenant}` } } }
}
