import { expect, it } from 'vitest'
import type { Change, UnitOfWork } from '../../src/core/change.ts'
import { DEFAULT_TENANT, type HumanId, type TaskId, type TenantId } from '../../src/core/ids.ts'
import type { Halt } from '../../src/core/standing.ts'
import type { Store } from '../../src/store/store.ts'
import { AT, decisionRecord, sampleTask } from './sample-records.ts'

const OTHER_TENANT = 'acme' as TenantId
const ROOT = 'tsk_1' as TaskId

/** What every store must do about what ends authority, what is left of a budget, and what comes again and again. */
export function describeStanding(store: () => Store, reopen: () => Promise<void>): void {
  const commit = (changes: readonly Change[], more: Partial<UnitOfWork> = {}): Promise<string> =>
    store().journal.commit({ records: [], changes, ...more })
  const revision = async (tenant = DEFAULT_TENANT): Promise<number> =>
    (await store().tasks.standing(tenant)).revision
  const get = async (id = ROOT) => store().tasks.get(DEFAULT_TENANT, id)

  it('R-THR-1: whatever ends authority has a number that decisions are compared with', async () => {
    await commit([{ kind: 'insert-task', task: sampleTask('tsk_1') }])
    const before = await revision()
    const expected: Change = { kind: 'expect-standing', tenant: DEFAULT_TENANT, revision: before }
    expect(await commit([expected])).toBe('committed')
    const revoke: Change = {
      kind: 'revoke-task',
      tenant: DEFAULT_TENANT,
      task: ROOT,
      at: AT,
      by: 'eve' as HumanId,
      reason: 'lost',
    }
    expect(await commit([revoke])).toBe('committed')
    const record = decisionRecord({ id: 'dec_1', task: ROOT })
    expect(await commit([expected], { records: [record] })).toBe('conflict')
    expect((await store().records.head(DEFAULT_TENANT)).size).toBe(0)
    await reopen()
    const revoked = await revision()
    expect(revoked).toBeGreaterThan(before)
    expect(await commit([expected])).toBe('conflict')
    expect(await commit([{ kind: 'advance-standing', tenant: DEFAULT_TENANT }])).toBe('committed')
    expect(await revision()).toBeGreaterThan(revoked)
    expect(await commit([{ ...expected, revision: revoked }])).toBe('conflict')
    expect(await commit([{ ...expected, revision: await revision() }])).toBe('committed')
    expect(await revision(OTHER_TENANT)).toBe(0)
  })

  it('R-THR-1: halts stand until they are lifted, each tenant its own', async () => {
    const stop = halt('agent', 'claude-code')
    expect(await commit([{ kind: 'put-halt', halt: stop }])).toBe('committed')
    expect(await commit([{ kind: 'put-halt', halt: { ...stop, reason: 'again' } }])).toBe('conflict')
    const other = { ...halt('tenant', 'acme'), tenant: OTHER_TENANT }
    expect(await commit([{ kind: 'put-halt', halt: other }])).toBe('committed')
    await reopen()
    expect((await store().tasks.standing(DEFAULT_TENANT)).halts).toEqual([stop])
    expect((await store().tasks.standing(OTHER_TENANT)).halts).toEqual([other])
    const before = await revision()
    const lift: Change = { kind: 'lift-halt', tenant: DEFAULT_TENANT, target: 'agent', id: 'claude-code' }
    expect([await commit([lift]), await commit([lift])]).toEqual(['committed', 'conflict'])
    expect((await store().tasks.standing(DEFAULT_TENANT)).halts).toEqual([])
    expect(await revision()).toBeGreaterThan(before)
  })

  it('R-THR-1: what a unit that conflicts would have ended is not ended', async () => {
    await commit([{ kind: 'insert-task', task: sampleTask('tsk_1') }])
    const before = await revision()
    const complete: Change = { kind: 'complete-task', tenant: DEFAULT_TENANT, task: ROOT, at: AT, by: 'ada' }
    const lift: Change = { kind: 'lift-halt', tenant: DEFAULT_TENANT, target: 'agent', id: 'nobody' }
    expect(await commit([complete, lift])).toBe('conflict')
    expect([(await get())?.completed, await revision()]).toEqual([undefined, before])
    expect(await commit([{ kind: 'expect-standing', tenant: DEFAULT_TENANT, revision: before }])).toBe(
      'committed',
    )
  })

  it('R-ID-2: a task is completed once and renewed only from where it stands', async () => {
    const made = sampleTask('tsk_1')
    await commit([{ kind: 'insert-task', task: made }])
    const renew = (from: number, expires: number): Promise<string> =>
      commit([{ kind: 'renew-task', tenant: DEFAULT_TENANT, task: ROOT, from, expires }])
    expect(await renew(made.expires + 1, made.expires + 9)).toBe('conflict')
    expect(await renew(made.expires, made.expires + 5)).toBe('committed')
    expect(await renew(made.expires, made.expires + 9)).toBe('conflict')
    expect(await renew(made.expires + 5, made.expires + 7)).toBe('committed')
    const complete = (by: string): Promise<string> =>
      commit([{ kind: 'complete-task', tenant: DEFAULT_TENANT, task: ROOT, at: AT + 1, by }])
    expect([await complete('ada'), await complete('eve')]).toEqual(['committed', 'committed'])
    await reopen()
    expect(await get()).toEqual({
      ...made,
      expires: made.expires + 7,
      completed: { at: AT + 1, by: 'ada' },
    })
    expect(await renew(made.expires + 7, made.expires + 9)).toBe('conflict')
  })

  it('R-ID-4: of two keys that would hold a task one does, until it is let go or the task ends', async () => {
    const made = sampleTask('tsk_1')
    await commit([{ kind: 'insert-task', task: made }])
    const hold = (from: string | undefined, holder: string | undefined): Promise<string> =>
      commit([{ kind: 'hold-task', tenant: DEFAULT_TENANT, task: ROOT, from, holder }])
    expect(await Promise.all([hold(undefined, 'one'), hold(undefined, 'two')])).toEqual([
      'committed',
      'conflict',
    ])
    expect([await hold('two', 'three'), await hold(undefined, 'three')]).toEqual(['conflict', 'conflict'])
    await reopen()
    expect(await get()).toEqual({ ...made, holder: 'one' })
    expect([await hold('one', undefined), await hold(undefined, 'two')]).toEqual(['committed', 'committed'])
    expect(await get()).toEqual({ ...made, holder: 'two' })
    const end = { kind: 'complete-task', tenant: DEFAULT_TENANT, task: ROOT, at: AT + 1, by: 'ada' } as const
    await commit([end])
    expect(await hold('two', 'three')).toBe('conflict')
  })

  it('R-ID-3: the children of a task, oldest first', async () => {
    const task = (id: string, parent?: string) =>
      sampleTask(id, { created: AT + Number(id.slice(-1)), ...(parent && { parent: parent as TaskId }) })
    for (const each of [
      task('tsk_1'),
      task('tsk_3', 'tsk_1'),
      task('tsk_2', 'tsk_1'),
      task('tsk_4', 'tsk_2'),
    ])
      await commit([{ kind: 'insert-task', task: each }])
    const children = await store().tasks.children(DEFAULT_TENANT, ROOT)
    expect(children.map(({ id }) => id)).toEqual(['tsk_2', 'tsk_3'])
    expect(await store().tasks.children(OTHER_TENANT, ROOT)).toEqual([])
  })

  it('R-THR-1: of many that take from one budget at the same time as many do as there is left', async () => {
    const take = (count: number): Change => ({
      kind: 'add-facts',
      tenant: DEFAULT_TENANT,
      root: ROOT,
      add: { calls: 1, lines: count },
      limits: { calls: 30, lines: 100 },
    })
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        commit([take(1)], { records: [decisionRecord({ id: `dec_${at}`, task: ROOT })] }),
      ),
    )
    expect(results.filter((result) => result === 'committed')).toHaveLength(30)
    expect((await store().records.head(DEFAULT_TENANT)).size).toBe(30)
    await reopen()
    expect(await commit([take(1)])).toBe('conflict')
    expect(await store().tasks.facts(DEFAULT_TENANT, ROOT)).toMatchObject({ calls: 30, lines: 30 })
    // What a unit does not take is not asked about.
    const label: Change = {
      kind: 'add-facts',
      tenant: DEFAULT_TENANT,
      root: ROOT,
      add: { errors: 1 },
      limits: { calls: 0 },
    }
    expect(await commit([label])).toBe('committed')
  })

  it('R-THR-1: a unit takes from all budgets or from none', async () => {
    const take = (root: string, limit: number): Change => ({
      kind: 'add-facts',
      tenant: DEFAULT_TENANT,
      root: root as TaskId,
      add: { writes: 1 },
      limits: { writes: limit },
    })
    expect(await commit([take('tsk_child', 5), take('tsk_root', 0)])).toBe('conflict')
    expect((await store().tasks.facts(DEFAULT_TENANT, 'tsk_child' as TaskId)).writes).toBe(0)
    expect(await commit([take('tsk_child', 5), take('tsk_root', 1)])).toBe('committed')
    expect(await commit([take('tsk_child', 5), take('tsk_root', 1)])).toBe('conflict')
    expect((await store().tasks.facts(DEFAULT_TENANT, 'tsk_child' as TaskId)).writes).toBe(1)
  })

  it('R-THR-1: tallies count since their mark, and no further than they may', async () => {
    const tally = (what: string, mark: number, most?: number): Promise<string> =>
      commit([
        {
          kind: 'add-tally',
          tenant: DEFAULT_TENANT,
          root: ROOT,
          what,
          mark,
          ...(most === undefined ? {} : { most }),
        },
      ])
    expect(await Promise.all(Array.from({ length: 5 }, () => tally('a', 0, 3)))).toEqual([
      'committed',
      'committed',
      'committed',
      'conflict',
      'conflict',
    ])
    expect([await tally('b', 7), await tally('b', 7), await tally('b', 8), await tally('c', 0, 0)]).toEqual([
      'committed',
      'committed',
      'committed',
      'conflict',
    ])
    await reopen()
    expect(await store().tasks.tallies(DEFAULT_TENANT, ROOT, ['b', 'x', 'a', 'c'])).toEqual([
      { count: 1, mark: 8 },
      undefined,
      { count: 3, mark: 0 },
      undefined,
    ])
    expect(await store().tasks.tallies(OTHER_TENANT, ROOT, ['a'])).toEqual([undefined])
  })

  it('R-THR-1: no decision stands in the ledger after what ended its authority', async () => {
    const agent = 'claude-code'
    for (let round = 0; round < 10; round += 1) {
      const start = await revision()
      const decide = (at: number): Promise<string> =>
        commit([{ kind: 'expect-standing', tenant: DEFAULT_TENANT, revision: start }], {
          records: [decisionRecord({ id: `dec_${round}_${at}`, task: ROOT })],
        })
      const put: Change = { kind: 'put-halt', halt: halt('agent', `${agent}-${round}`) }
      const calls = Array.from({ length: 20 }, (_, at) => decide(at))
      const killed = commit([put], { records: [decisionRecord({ id: `kill_${round}`, task: ROOT })] })
      const late = Array.from({ length: 20 }, (_, at) => decide(20 + at))
      await Promise.all([...calls, killed, ...late])
      const records = await store().records.query({ tenant: DEFAULT_TENANT, limit: 100 })
      const kill = records.find(({ envelope }) => envelope.id === `kill_${round}`)?.index ?? -1
      const after = records.filter(
        ({ index, envelope }) => index > kill && envelope.id.startsWith(`dec_${round}_`),
      )
      expect([kill >= 0, after]).toEqual([true, []])
    }
  })
}

function halt(target: Halt['target'], id: string): Halt {
  return { tenant: DEFAULT_TENANT, target, id, at: AT, by: 'eve' as HumanId, reason: 'it misbehaves' }
}
