import { expect, it } from 'vitest'
import type { HoldTarget } from '../../src/core/erasure.ts'
import type { Change } from '../../src/core/change.ts'
import {
  DEFAULT_TENANT,
  type ApprovalId,
  type GrantId,
  type HumanId,
  type TaskId,
} from '../../src/core/ids.ts'
import { SILENT } from '../../src/core/log.ts'
import type { NewRecord } from '../../src/core/record.ts'
import type { Actor } from '../../src/gate/administration.ts'
import { createErasures } from '../../src/gate/erasure/create-erasures.ts'
import type { Erasures } from '../../src/gate/erasure/erasures.ts'
import { orderErasure, resumeErasures } from '../../src/gate/erasure/order-erasure.ts'
import { GateEvents } from '../../src/gate/gate-events.ts'
import { Retention } from '../../src/gate/erasure/retention.ts'
import type { ErasureDeps } from '../../src/gate/erasure/run-erasure.ts'
import type { Store } from '../../src/store/store.ts'
import {
  AT,
  decisionRecord,
  outcomeRecord,
  sampleApproval,
  sampleGrant,
  sampleTask,
} from './sample-records.ts'

const tenant = DEFAULT_TENANT
/** A week after everything was made, and ended. */
const NOW = AT + 7 * 86_400_000
export const BOTH = ['detail', 'payload'] as const

export const admin = actor('adm', 'admin')
export const auditor = actor('aud', 'auditor')

function actor(id: string, role: string): Actor {
  const human = { tenant, id: id as HumanId, teams: [], roles: [role] }
  return { human, credential: 'approver', reach: 'all' }
}

let random = 0

export function erasureDeps(store: Store): ErasureDeps {
  return {
    ...store,
    clock: { now: () => NOW, micros: () => 0 },
    entropy: { bytes: (size) => new Uint8Array(size).fill((random += 1)) },
    settings: {
      tenant,
      adminUrl: 'http://localhost',
      consentLifetime: 1,
      protection: 'advisory',
    },
    events: new GateEvents(),
    log: SILENT,
  }
}

/** Two tasks that ended: two decisions with an outcome each, an approval and a grant. `word` is in every text of it. */
export async function fillForErasure(store: Store, word: string): Promise<void> {
  const changes: Change[] = []
  const records: NewRecord[] = []
  for (const n of [1, 2]) {
    const task = `tsk_${n}`
    const human = (n === 1 ? 'ada' : 'eve') as HumanId
    const made = decisionRecord({ id: `dec_${n}`, task, human })
    const outcome = outcomeRecord({ id: `dec_${n}`, task })
    const approval = {
      ...sampleApproval(`apr_${n}`, {
        task: task as TaskId,
        human,
        state: 'refused',
        prompt: `${word} was shown`,
        work: [`${word} as a digest`],
        votes: [{ gate: 'release', human: 'eve' as HumanId, at: AT, comment: `${word} said eve` }],
        refusal: { human: 'bob' as HumanId, at: AT, reason: `${word} not` },
      }),
    }
    const grant = sampleGrant(`grt_${n}`, { task: task as TaskId, human })
    changes.push(
      { kind: 'insert-task', task: sampleTask(task, { human, intent: `${word} is the intent` }) },
      { kind: 'insert-approval', approval },
      {
        kind: 'insert-grant',
        grant: { ...grant, covers: { ...grant.covers, arguments: { command: `${word} run` } } },
      },
      { kind: 'add-tally', tenant, root: task as TaskId, what: `call:${word}`, mark: 0 },
    )
    records.push(
      {
        ...made,
        payload: { arguments: { content: `${word} argument` } },
        detail: { intent: `${word} intent` },
      },
      { ...outcome, payload: { result: { text: `${word} result` } } },
      {
        envelope: {
          ...outcome.envelope,
          ...(made.envelope.identity === undefined ? {} : { identity: made.envelope.identity }),
          kind: 'approval.refused',
          id: `apr_${n}`,
          actor: 'bob',
        },
        detail: { prompt: `${word} was shown`, comment: `${word} not` },
      },
      {
        envelope: { ...outcome.envelope, kind: 'grant.created', id: `grt_${n}` },
        detail: { data: { command: `${word} run` } },
      },
    )
  }
  for (const record of records) await store.journal.commit({ records: [record], changes: changes.splice(0) })
}

/** Everything that a store says about the tasks, as text. */
async function allOf(store: Store): Promise<string> {
  const ids = ['1', '2']
  const rows = await Promise.all(
    ids.flatMap((n): Promise<unknown>[] => [
      Promise.resolve(store.tasks.get(tenant, `tsk_${n}` as TaskId)),
      store.approvals.get(tenant, `apr_${n}` as ApprovalId),
      store.grants.get(tenant, `grt_${n}` as GrantId),
      Promise.resolve(store.tasks.tallies(tenant, `tsk_${n}` as TaskId, ['call:mark7'])),
    ]),
  )
  return JSON.stringify([rows, await store.records.query({ tenant, limit: 1_000 })])
}

/** What every store must do with an erasure, and with what forbids it. */
export function describeErasures(store: () => Store, reopen: () => Promise<void>): void {
  const erasures = (): Erasures => createErasures(erasureDeps(store()))
  const erase = (selection: object, parts: readonly ('detail' | 'payload')[] = BOTH) =>
    erasures().erase(admin, { selection, parts, reason: 'case 7' })

  it('R-AUD-2: an erasure takes content, and what repeats it, of what it names and of nothing else', async () => {
    await fillForErasure(store(), 'mark7')
    const wish = { selection: { task: 'tsk_1' }, parts: BOTH }
    const before = await allOf(store())
    const count = { records: 4, approvals: 1, grants: 1, tasks: 1, held: 0, live: [] }
    expect(await erasures().count(admin, wish)).toMatchObject(count)
    expect(await allOf(store())).toBe(before)
    expect(await erase(wish.selection)).toMatchObject(count)
    await reopen()
    const left = await store().records.query({ tenant, limit: 1_000 })
    const kept = left.filter(({ detail, payload }) => detail !== undefined || payload !== undefined)
    expect(kept.map(({ envelope }) => envelope.id).filter((id) => !id.startsWith('ers'))).toEqual([
      'grt_2',
      'apr_2',
      'dec_2',
      'dec_2',
    ])
    expect(await store().tasks.get(tenant, 'tsk_1' as TaskId)).toMatchObject({ intent: '(erased)' })
    expect(JSON.stringify(await store().approvals.get(tenant, 'apr_1' as ApprovalId))).not.toContain('mark7')
    expect(JSON.stringify(await store().grants.get(tenant, 'grt_1' as GrantId))).not.toContain('mark7')
    expect(await store().tasks.tallies(tenant, 'tsk_1' as TaskId, ['call:mark7'])).toEqual([undefined])
    expect(await store().tasks.get(tenant, 'tsk_2' as TaskId)).toMatchObject({
      intent: 'mark7 is the intent',
    })
    await erase({ before: NOW })
    expect(await allOf(store())).not.toContain('mark7')
    const [order] = await store().records.query({ tenant, kind: 'erasure.ordered', limit: 1 })
    expect(order).toMatchObject({ envelope: { actor: 'adm' }, detail: { comment: 'case 7' } })
  })

  it('R-AUD-2: payloads alone go by range, and what a person wrote on somebody else’s request goes with them', async () => {
    await fillForErasure(store(), 'mark7')
    await erase({ records: [0, 1] }, ['payload'])
    const [outcome, decision] = await store().records.query({ tenant, before: 2 })
    expect(decision?.detail).toBeDefined()
    expect([decision?.payload, outcome?.payload]).toEqual([undefined, undefined])
    expect(await store().tasks.get(tenant, 'tsk_1' as TaskId)).toMatchObject({
      intent: 'mark7 is the intent',
    })
    await erase({ human: 'bob' })
    const foreign = await store().approvals.get(tenant, 'apr_1' as ApprovalId)
    expect(foreign).toMatchObject({ prompt: 'mark7 was shown', refusal: { reason: '(erased)' } })
    expect(foreign?.votes).toMatchObject([{ comment: 'mark7 said eve' }])
  })

  const HOLDS: readonly HoldTarget[] = [
    { target: 'tenant' },
    { target: 'task', task: 'tsk_1' },
    { target: 'human', human: 'ada' },
    { target: 'time', from: AT, until: AT + 1 },
  ]
  it('R-AUD-2: a legal hold stops an erasure that touches it until an auditor lifts it; both are on record', async () => {
    await fillForErasure(store(), 'mark7')
    for (const covers of HOLDS) {
      const hold = await erasures().placeHold(auditor, { covers, reason: 'court' })
      await reopen()
      expect(await erasures().listHolds(admin)).toEqual([hold])
      await expect(erase({ records: [0, 3] })).rejects.toMatchObject({ code: 'legal_hold' })
      expect(await erasures().count(admin, { selection: { task: 'tsk_1' }, parts: BOTH })).toMatchObject({
        records: 0,
        held: 4,
        holds: [hold.id],
      })
      const lift = { id: hold.id, reason: 'over' }
      await expect(erasures().liftHold(admin, lift)).rejects.toMatchObject({ code: 'role_missing' })
      await erasures().liftHold(auditor, lift)
      await expect(erasures().liftHold(auditor, lift)).rejects.toMatchObject({ code: 'not_found' })
    }
    const kinds = (await store().records.query({ tenant, after: 7 })).map(({ envelope }) => envelope.kind)
    expect(kinds).toEqual(HOLDS.flatMap(() => ['hold.lifted', 'hold.placed']))
    // One that comes between counting and erasing is met by the unit of work itself.
    await erasures().placeHold(auditor, { covers: { target: 'tenant' }, reason: 'court' })
    expect(
      await store().journal.commit({ records: [], changes: [{ kind: 'expect-holds', tenant, ids: [] }] }),
    ).toBe('conflict')
    // Retention goes round what is held.
    const wish = { selection: { before: NOW }, parts: BOTH, by: 'remit:retention', reason: 'old' }
    expect(await orderErasure(erasureDeps(store()), { ...wish, leavesHeld: true })).toMatchObject({
      records: 0,
      held: 8,
    })
  })

  it('R-AUD-2: what is kept for a time goes when it is older, part by part, and a lifted hold lets it go later', async () => {
    await fillForErasure(store(), 'mark7')
    const deps = erasureDeps(store())
    let now = AT + 10_000
    const keep = { payload: 60_000, detail: 600_000 }
    const retention = new Retention({ ...deps, clock: { now: () => now, micros: () => 0 } }, keep)
    const sizes: number[] = []
    const look = async (): Promise<string> => {
      await retention.look()
      sizes.push((await store().records.head(tenant)).size)
      return allOf(store())
    }
    expect(await look()).toContain('mark7 argument')
    now = AT + 70_000
    const { id } = await erasures().placeHold(auditor, {
      covers: { target: 'task', task: 'tsk_1' },
      reason: 'court',
    })
    const held = await look()
    expect(held.split('mark7 argument')).toHaveLength(2)
    expect(held).toContain('mark7 intent')
    // Nothing new is nothing to put on record.
    await look()
    await erasures().liftHold(auditor, { id, reason: 'over' })
    expect(await look()).not.toContain('mark7 argument')
    now = AT + 5_000_000
    expect(await look()).not.toContain('mark7')
    expect(sizes[2]).toBe(sizes[1])
    const [erased] = await store().records.query({ tenant, kind: 'erasure.ordered', limit: 1 })
    expect(erased).toMatchObject({ envelope: { actor: 'remit:retention' } })
  })

  it('R-REL-1: an erasure that was cut off is finished by the next start, and once', async () => {
    await fillForErasure(store(), 'mark7')
    const deps = erasureDeps(store())
    let units = 0
    const journal: Store['journal'] = {
      commit: (unit) => {
        units += 1
        return units > 1 ? Promise.reject(new Error('killed')) : store().journal.commit(unit)
      },
    }
    const wish = { selection: { task: 'tsk_1' }, parts: BOTH, by: 'adm', reason: 'case', leavesHeld: false }
    await expect(orderErasure({ ...deps, journal }, wish)).rejects.toThrow('killed')
    await reopen()
    expect(await store().tasks.get(tenant, 'tsk_1' as TaskId)).toMatchObject({
      intent: 'mark7 is the intent',
    })
    await resumeErasures(erasureDeps(store()))
    expect(await store().tasks.get(tenant, 'tsk_1' as TaskId)).toMatchObject({ intent: '(erased)' })
    const { size } = await store().records.head(tenant)
    await resumeErasures(erasureDeps(store()))
    expect((await store().records.head(tenant)).size).toBe(size)
  })

  it('R-AUD-2: of a task that still runs the content of its records goes, and what decides for it stays', async () => {
    await fillForErasure(store(), 'mark7')
    const live = sampleTask('tsk_3', { created: NOW, expires: NOW + 1_000 })
    const record = decisionRecord({ id: 'dec_3', task: 'tsk_3' })
    await store().journal.commit({ records: [record], changes: [{ kind: 'insert-task', task: live }] })
    expect(await erase({ task: 'tsk_3' })).toMatchObject({ records: 1, tasks: 0, live: ['tsk_3'] })
    expect(await store().tasks.get(tenant, 'tsk_3' as TaskId)).toEqual(live)
  })

  it('R-AUD-2: naming nothing is not naming everything, and who may not order it does not', async () => {
    await expect(erase({})).rejects.toMatchObject({ code: 'input_invalid' })
    const wish = { selection: { before: 1 }, parts: BOTH, reason: 'x' }
    await expect(erasures().erase(auditor, wish)).rejects.toMatchObject({ code: 'role_missing' })
    const stored: Actor = { ...admin, credential: 'stored' }
    await expect(erasures().erase(stored, wish)).rejects.toMatchObject({ code: 'role_missing' })
  })
}
