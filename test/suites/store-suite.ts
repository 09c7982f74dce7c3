import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Approval } from '../../src/core/approval.ts'
import type { Change, UnitOfWork } from '../../src/core/change.ts'
import { NO_HISTORY, type FactIncrements } from '../../src/core/facts.ts'
import {
  DEFAULT_TENANT,
  type ApprovalId,
  type Digest,
  type HumanId,
  type TaskId,
  type TenantId,
} from '../../src/core/ids.ts'
import type { NewRecord } from '../../src/core/record.ts'
import type { ToolPin } from '../../src/core/tool-pin.ts'
import type { Store } from '../../src/store/store.ts'
import { describeErasures } from './erasure-suite.ts'
import { describeGrants } from './grant-suite.ts'
import { describeStanding } from './standing-suite.ts'
import { describeDeliveries } from './delivery-suite.ts'
import { describeExports } from './export-suite.ts'
import { describeWaiting } from './waiting-suite.ts'
import { describeOAuthEntries } from './oauth-suite.ts'
import { describeViews } from './view-suite.ts'
import { describeSearch } from './search-suite.ts'
import { describeSecrets } from './secret-suite.ts'
import { describeTenants } from './tenant-suite.ts'
import { AT, decisionRecord, outcomeRecord, sampleApproval, samplePin, sampleTask } from './sample-records.ts'

/** A place where a store lies: opened, closed and opened again. */
export interface StorePlace {
  open(): Promise<Store>
  /** False = what it holds ends with it. */
  readonly durable: boolean
  remove(): Promise<void>
}

const OTHER_TENANT = 'acme' as TenantId
const ROOT = 'tsk_1' as TaskId
const CALL = 'e'.repeat(64) as Digest

/** What every store must do. */
export function describeStore(name: string, place: () => Promise<StorePlace>): void {
  describe(`store ${name}`, () => {
    let here: StorePlace
    let store: Store
    beforeEach(async () => {
      here = await place()
      store = await here.open()
    })
    afterEach(async () => {
      await store.close()
      await here.remove()
    })
    const reopen = async (): Promise<void> => {
      if (!here.durable) return
      await store.close()
      store = await here.open()
    }

    it('R-AUD-2: keeps records in the order of their commits, with detail and payload, over a restart', async () => {
      const records = Array.from({ length: 300 }, (_, i) => decisionRecord({ id: `dec_${i}`, task: 'tsk_1' }))
      await Promise.all(records.map((record) => store.journal.commit(unit([record]))))
      await reopen()
      await store.journal.commit(unit([outcomeRecord({ id: 'dec_0', task: 'tsk_1' })]))
      const stored = await store.records.query({ tenant: DEFAULT_TENANT, limit: 1000 })
      expect(stored.map((record) => record.index)).toEqual(Array.from({ length: 301 }, (_, i) => 300 - i))
      expect(stored.map((record) => record.envelope.id)).toEqual([
        'dec_0',
        ...records.map((record) => record.envelope.id).toReversed(),
      ])
      const first = stored.at(-1)
      expect(first?.envelope).toMatchObject(records[0]?.envelope ?? {})
      expect(first?.detail).toEqual(records[0]?.detail)
      expect(first?.payload).toEqual(records[0]?.payload)
      expect(JSON.parse(first?.body ?? '')).toEqual(first?.envelope)
      expect((await store.records.head(DEFAULT_TENANT)).size).toBe(301)
    })

    it('R-AUD-2: chains each record to the one before, and counts without a gap', async () => {
      await store.journal.commit(unit([decisionRecord({ id: 'dec_1', task: 'tsk_1' })]))
      await reopen()
      await store.journal.commit(
        unit([decisionRecord({ id: 'dec_2', task: 'tsk_1' }), outcomeRecord({ id: 'dec_2', task: 'tsk_1' })]),
      )
      const stored = await store.records.query({ tenant: DEFAULT_TENANT })
      const writers = stored.toReversed().map(({ body }) => (JSON.parse(body) as { writer: object }).writer)
      expect(writers).toMatchObject([{ seq: 0, prev: '0'.repeat(64) }, { seq: 1 }, { seq: 2 }])
      const prevs = writers.map((writer) => (writer as { prev: string }).prev)
      expect(new Set(prevs).size).toBe(3)
    })

    it('R-AUD-3, R-ID-6: finds records by task, kind, id and human, newest first, after an index', async () => {
      const find = async (query: object): Promise<number[]> =>
        (await store.records.query({ tenant: DEFAULT_TENANT, ...query })).map(({ index }) => index)
      const asked = { id: 'dec_1', task: 'tsk_1' }
      await store.journal.commit(unit([decisionRecord(asked), outcomeRecord(asked)]))
      await reopen()
      await store.journal.commit(unit([decisionRecord({ id: 'dec_2', task: 'tsk_2', human: 'eve' })]))
      await store.journal.commit(unit([decisionRecord({ id: 'dec_3', task: 'tsk_1' })]))
      // Once while the newest are not in any index yet, and once after there was time to put them there.
      for (const wait of [0, 700]) {
        await setTimeout(wait)
        expect(await find({})).toEqual([3, 2, 1, 0])
        expect(await find({ task: 'tsk_1' })).toEqual([3, 1, 0])
        expect(await find({ kind: 'decision' })).toEqual([3, 2, 0])
        expect(await find({ id: 'dec_1' })).toEqual([1, 0])
        expect(await find({ id: 'dec_1', kind: 'outcome', task: 'tsk_1' })).toEqual([1])
        expect(await find({ task: 'tsk_1', kind: 'decision', limit: 1 })).toEqual([3])
        expect(await find({ after: 1 })).toEqual([3, 2])
        expect(await find({ task: 'tsk_1', after: 0, limit: 2 })).toEqual([3, 1])
        expect(await find({ task: 'tsk_1', before: 3, limit: 1 })).toEqual([1])
        expect(await find({ human: 'eve' })).toEqual([2])
        expect(await find({ human: 'ada', kind: 'decision' })).toEqual([3, 0])
        const none = [{ after: 3 }, { task: 'tsk_9' }, { tenant: OTHER_TENANT }, { human: 'bob' }]
        expect((await Promise.all(none.map(find))).flat()).toEqual([])
      }
    })

    it('R-AUD-2: keeps tenants apart, each with a ledger of its own', async () => {
      const both = [
        decisionRecord({ id: 'dec_1', task: 'tsk_1' }),
        ...['dec_1', 'dec_2'].map((id) => decisionRecord({ id, task: 'tsk_1', tenant: OTHER_TENANT })),
      ]
      await store.journal.commit(unit(both, [insert(sampleTask('tsk_1')), addFacts({ calls: 1 })]))
      expect((await store.records.head(DEFAULT_TENANT)).size).toBe(1)
      expect((await store.records.head(OTHER_TENANT)).size).toBe(2)
      expect((await store.records.query({ tenant: OTHER_TENANT })).map(({ index }) => index)).toEqual([1, 0])
      expect(await store.tasks.get(OTHER_TENANT, ROOT)).toBeUndefined()
      expect((await store.tasks.facts(OTHER_TENANT, ROOT)).calls).toBe(0)
    })

    it('R-REL-1: a unit applies whole or not at all', async () => {
      await store.journal.commit(unit([], [insert(sampleTask('tsk_1'))]))
      const second: UnitOfWork = unit(
        [decisionRecord({ id: 'dec_1', task: 'tsk_1' })],
        [
          insert(sampleTask('tsk_2')),
          addFacts({ calls: 1 }),
          { kind: 'insert-approval', approval: sampleApproval('apr_1') },
          insert(sampleTask('tsk_1', { intent: 'another' })),
        ],
      )
      const around = [
        unit([], [insert(sampleTask('tsk_3'))]),
        second,
        unit([], [insert(sampleTask('tsk_4'))]),
      ]
      expect(await Promise.all(around.map((each) => store.journal.commit(each)))).toEqual([
        'committed',
        'conflict',
        'committed',
      ])
      await reopen()
      expect((await store.records.head(DEFAULT_TENANT)).size).toBe(0)
      expect(await store.tasks.get(DEFAULT_TENANT, 'tsk_2' as TaskId)).toBeUndefined()
      expect((await store.tasks.get(DEFAULT_TENANT, ROOT))?.intent).toBe('make the tests pass')
      expect((await store.tasks.facts(DEFAULT_TENANT, ROOT)).calls).toBe(0)
      expect(await store.approvals.get(DEFAULT_TENANT, 'apr_1' as ApprovalId)).toBeUndefined()
      expect(await store.tasks.get(DEFAULT_TENANT, 'tsk_4' as TaskId)).toBeDefined()
    })

    it('R-REL-1: a record that cannot be written down takes no other with it', async () => {
      const broken = {
        ...decisionRecord({ id: 'dec_1', task: 'tsk_1' }),
        payload: { result: { n: Number.NaN } },
      }
      const results = await Promise.allSettled([
        store.journal.commit(unit([decisionRecord({ id: 'dec_0', task: 'tsk_1' })])),
        store.journal.commit(unit([broken])),
        store.journal.commit(unit([decisionRecord({ id: 'dec_2', task: 'tsk_1' })])),
      ])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(results[1]).toMatchObject({ reason: { code: 'internal' } })
      expect((await store.records.head(DEFAULT_TENANT)).size).toBe(2)
    })

    it('R-ID-3: a revoked task says by whom and why; the first revocation stands', async () => {
      const revoke = (reason: string, task = 'tsk_1'): Change => ({
        kind: 'revoke-task',
        tenant: DEFAULT_TENANT,
        task: task as TaskId,
        at: AT + 1,
        by: 'eve' as HumanId,
        reason,
      })
      await store.journal.commit(unit([], [insert(sampleTask('tsk_1'))]))
      expect((await store.tasks.get(DEFAULT_TENANT, ROOT))?.revoked).toBeUndefined()
      expect(await store.journal.commit(unit([], [revoke('lost laptop')]))).toBe('committed')
      expect(await store.journal.commit(unit([], [revoke('again')]))).toBe('committed')
      expect(await store.journal.commit(unit([], [revoke('who?', 'tsk_9')]))).toBe('conflict')
      await reopen()
      expect(await store.tasks.get(DEFAULT_TENANT, ROOT)).toEqual(
        sampleTask('tsk_1', { revoked: { at: AT + 1, by: 'eve' as HumanId, reason: 'lost laptop' } }),
      )
    })

    it('R-ID-6: lists tasks newest first, up to the limit, and of one human', async () => {
      const ids = ['tsk_1', 'tsk_2', 'tsk_3']
      for (const [i, id] of ids.entries()) {
        const human = (i === 1 ? 'eve' : 'ada') as HumanId
        const task = sampleTask(id, { created: AT + (i === 2 ? 1 : i), human })
        await store.journal.commit(unit([], [insert(task)]))
      }
      const list = async (limit: number, human?: string) =>
        (await store.tasks.list(DEFAULT_TENANT, limit, human as HumanId | undefined)).map(({ id }) => id)
      expect(await list(10)).toEqual(ids.toReversed())
      expect([await list(2), await list(2, 'ada')]).toEqual([ids.slice(1).toReversed(), ['tsk_3', 'tsk_1']])
      expect(await list(9, 'eve')).toEqual(['tsk_2'])
      expect(await store.tasks.list(OTHER_TENANT, 2)).toEqual([])
    })

    it('R-ID-2: adds facts atomically and unites labels', async () => {
      expect((await store.tasks.facts(DEFAULT_TENANT, ROOT)).calls).toBe(0)
      const adds: FactIncrements[] = Array.from({ length: 200 }, (_, i) => ({
        calls: 1,
        ...(i % 2 === 0 && { writes: 2 }),
        ...(i % 50 === 0 && { labels: i === 0 ? ['untrusted'] : ['secret', 'untrusted'] }),
      }))
      await Promise.all(adds.map((add) => store.journal.commit(unit([], [addFacts(add)]))))
      await store.journal.commit(unit([], [addFacts({ errors: 1, denials: 2, consents: 3, labels: ['ci'] })]))
      await reopen()
      expect(await store.tasks.facts(DEFAULT_TENANT, ROOT)).toEqual({
        ...NO_HISTORY,
        calls: 200,
        writes: 200,
        denials: 2,
        consents: 3,
        errors: 1,
        labels: ['ci', 'secret', 'untrusted'],
      })
    })

    it('R-CON-3: one approval of a task and call is open at a time', async () => {
      const ask = (id: string, more: Partial<Approval> = {}): Promise<string> =>
        store.journal.commit(unit([], [{ kind: 'insert-approval', approval: sampleApproval(id, more) }]))
      expect(await ask('apr_1')).toBe('committed')
      expect(await ask('apr_2')).toBe('conflict')
      expect(await ask('apr_1', { call: 'f'.repeat(64) as Digest })).toBe('conflict')
      expect(await ask('apr_3', { task: 'tsk_2' as TaskId })).toBe('committed')
      expect(await move(store, sampleApproval('apr_1'), { state: 'granted' })).toBe('committed')
      expect(await ask('apr_4')).toBe('conflict')
      expect(await move(store, sampleApproval('apr_1', { state: 'granted' }), { state: 'used' })).toBe(
        'committed',
      )
      expect(await ask('apr_5', { created: AT + 5 })).toBe('committed')
      await reopen()
      expect((await store.approvals.findByCall(DEFAULT_TENANT, ROOT, CALL))?.id).toBe('apr_5')
      expect(await store.approvals.findByCall(DEFAULT_TENANT, ROOT, 'f'.repeat(64) as Digest)).toBeUndefined()
      expect((await store.approvals.list(DEFAULT_TENANT, { limit: 9 })).map(({ id }) => id)).toEqual([
        'apr_5',
        'apr_3',
        'apr_1',
      ])
      const pending = await store.approvals.list(DEFAULT_TENANT, { state: 'pending', limit: 1 })
      expect(pending.map(({ id }) => id)).toEqual(['apr_5'])
      expect(await store.approvals.get(DEFAULT_TENANT, 'apr_1' as ApprovalId)).toEqual(
        sampleApproval('apr_1', { state: 'used' }),
      )
    })

    it('R-CON-4: counts what a tree of tasks asks, and takes no request beyond its limits', async () => {
      const root = ROOT
      const within = { open: 2, hourly: 3 }
      const ask = (id: string, created: number, more: Partial<Approval> = {}): Promise<string> => {
        const approval = sampleApproval(id, { root, call: id.padEnd(64, 'x') as Digest, created, ...more })
        return store.journal.commit(unit([], [{ kind: 'insert-approval', approval, within }]))
      }
      const raced = await Promise.all(['apr_1', 'apr_2', 'apr_3'].map((id) => ask(id, AT)))
      expect(raced.filter((result) => result === 'committed')).toHaveLength(2)
      expect(await store.approvals.asked(DEFAULT_TENANT, root, AT)).toEqual({ open: 2, recent: 2 })
      expect(await ask('apr_x', AT, { task: 'tsk_9' as TaskId, root: 'tsk_9' as TaskId })).toBe('committed')
      const [one] = await store.approvals.list(DEFAULT_TENANT, { state: 'pending', limit: 9 })
      const refusal = { human: 'eve' as HumanId, at: AT, reason: 'no' }
      const mine = (await store.approvals.list(DEFAULT_TENANT, { limit: 9 })).find(
        (each) => each.root === root,
      )
      expect(one).toBeDefined()
      expect(await move(store, mine!, { state: 'refused', refusal })).toBe('committed')
      expect(await ask('apr_4', AT + 1)).toBe('committed')
      await reopen()
      expect(await store.approvals.asked(DEFAULT_TENANT, root, AT + 1)).toEqual({ open: 2, recent: 3 })
      // Requests that ran out wait no longer; those of an hour ago were not of this hour.
      expect(await store.approvals.asked(DEFAULT_TENANT, root, AT + 900_000)).toEqual({ open: 0, recent: 3 })
      expect(await ask('apr_5', AT + 900_000)).toBe('conflict')
      expect(await ask('apr_6', AT + 3_600_000)).toBe('committed')
      const refused = await store.approvals.refused(DEFAULT_TENANT, root, 9)
      expect(refused.map(({ id }) => id)).toEqual([mine?.id])
      expect(await store.approvals.refused(OTHER_TENANT, root, 9)).toEqual([])
    })

    it('R-CON-4: no tree of tasks pushes requests of another out of the list of those that wait', async () => {
      const changes = Array.from({ length: 12 }, (_, at): Change => {
        const id = `apr_${at}`
        const root = (at === 0 ? 'tsk_quiet' : 'tsk_loud') as TaskId
        const call = id.padEnd(64, 'x') as Digest
        return { kind: 'insert-approval', approval: sampleApproval(id, { root, call, created: AT + at }) }
      })
      await store.journal.commit(unit([], changes))
      const waiting = await store.approvals.list(DEFAULT_TENANT, { state: 'pending', limit: 3 })
      expect(waiting.map(({ id }) => id)).toEqual(['apr_11', 'apr_10', 'apr_0'])
    })

    it('R-CON-3: of many that use one grant at the same time exactly one does', async () => {
      const granted = sampleApproval('apr_1', { state: 'granted' })
      await store.journal.commit(unit([], [{ kind: 'insert-approval', approval: granted }]))
      const results = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          store.journal.commit(
            unit(
              [decisionRecord({ id: `dec_${i}`, task: 'tsk_1' })],
              [
                {
                  kind: 'update-approval',
                  from: { id: granted.id, state: 'granted', votes: 0 },
                  approval: { ...granted, state: 'used' },
                },
                addFacts({ calls: 1 }),
              ],
            ),
          ),
        ),
      )
      expect(results.filter((result) => result === 'committed')).toHaveLength(1)
      expect((await store.records.head(DEFAULT_TENANT)).size).toBe(1)
      expect((await store.tasks.facts(DEFAULT_TENANT, ROOT)).calls).toBe(1)
    })

    it('R-CON-3: a vote on an approval that has changed since is a conflict', async () => {
      const pending = sampleApproval('apr_1')
      await store.journal.commit(unit([], [{ kind: 'insert-approval', approval: pending }]))
      const votes = [{ gate: 'release', human: 'eve' as HumanId, at: AT }]
      expect(await move(store, pending, { votes })).toBe('committed')
      expect(await move(store, pending, { votes })).toBe('conflict')
      expect(await move(store, sampleApproval('apr_9'), { votes })).toBe('conflict')
      expect((await store.approvals.get(DEFAULT_TENANT, pending.id))?.votes).toEqual(votes)
    })

    it('R-MCP-4: keeps the pins of tools, each tenant its own, over a restart and by compare and set', async () => {
      const first = samplePin({ name: 'read', revision: 1 })
      const other = samplePin({ name: 'read', revision: 1, tenant: OTHER_TENANT })
      const record = decisionRecord({ id: 'dec_1', task: 'tsk_1' })
      expect(await store.journal.commit(unit([record], [putPin(first), putPin(other)]))).toBe('committed')
      await reopen()
      expect(await store.pins.list(DEFAULT_TENANT)).toEqual([first])
      const next = { ...first, revision: 2 }
      const lost = { ...first, revision: 2, firstSeen: 9 }
      expect(await store.journal.commit(unit([], [putPin(next)]))).toBe('committed')
      expect(await store.journal.commit(unit([record], [putPin(lost)]))).toBe('conflict')
      expect(await store.journal.commit(unit([], [putPin(first)]))).toBe('conflict')
      const write = samplePin({ name: 'write', revision: 1 })
      expect(await store.journal.commit(unit([], [putPin(write), putPin(lost)]))).toBe('conflict')
      await reopen()
      expect(await store.pins.list(DEFAULT_TENANT)).toEqual([next])
      expect(await store.pins.list(OTHER_TENANT)).toEqual([other])
      expect((await store.records.head(DEFAULT_TENANT)).size).toBe(1)
    })

    describeGrants(() => store, reopen)
    describeSearch(() => ({ store, indexed: () => setTimeout(700) }))
    describeStanding(() => store, reopen)
    describeSecrets(() => store, reopen)
    describeErasures(() => store, reopen)
    describeTenants(() => store, reopen)
    describeOAuthEntries(() => store, reopen)
    describeViews(() => store, reopen)
    describeWaiting(() => store, reopen)
    describeDeliveries(() => store, reopen)
    describeExports(() => store, reopen)

    it('finishes what was given before it closes, and then takes nothing', async () => {
      const given = Array.from({ length: 200 }, (_, i) =>
        store.journal.commit(unit([decisionRecord({ id: `dec_${i}`, task: 'tsk_1' })])),
      )
      await store.close()
      expect(new Set(await Promise.all(given))).toEqual(new Set(['committed']))
      await expect(store.journal.commit(unit([]))).rejects.toMatchObject({ code: 'ledger_unavailable' })
    })
  })
}

function unit(records: readonly NewRecord[], changes: readonly Change[] = []): UnitOfWork {
  return { records, changes }
}

function insert(task: ReturnType<typeof sampleTask>): Change {
  return { kind: 'insert-task', task }
}

function addFacts(add: FactIncrements): Change {
  return { kind: 'add-facts', tenant: DEFAULT_TENANT, root: ROOT, add }
}

function move(store: Store, from: Approval, to: Partial<Approval>): Promise<string> {
  const { id, state, votes } = from
  const at = { id, state, votes: votes.length }
  return store.journal.commit(unit([], [{ kind: 'update-approval', from: at, approval: { ...from, ...to } }]))
}

const putPin = (pin: ToolPin): Change => ({ kind: 'put-pin', pin })
