import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Change } from '../../core/change.ts'
import { DEFAULT_TENANT, type HumanId, type TaskId } from '../../core/ids.ts'
import { SILENT } from '../../core/log.ts'
import { AT, sampleTask } from '../../../test/suites/sample-records.ts'
import { openSqliteStore } from './open-sqlite-store.ts'
import type { LedgerStore } from '../store.ts'
import { RecentMap } from './recent-map.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const TASKS = 40
const ROOT = 'tsk_root' as TaskId
let folder: string
let store: LedgerStore
/** The next results end the writer before anybody hears of them. */
let lost: 'next' | 'none'

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remit-committed-'))
  lost = 'none'
  store = await openSqliteStore({
    file: join(folder, 'remit.db'),
    signingKey: privateKey,
    log: SILENT,
    limits: { flushUnits: 8 },
    startThread: (settings) => {
      const url = new URL('./writer-thread.ts', import.meta.url)
      const thread = new Worker(url, { workerData: settings, execArgv: [] })
      return losingResults(thread)
    },
  })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('tasks and facts as remembered', () => {
  it('R-ID-3: no read after an acknowledged revocation shows the task active, whatever else goes on', async () => {
    await Promise.all(ids().map((id) => commit({ kind: 'insert-task', task: sampleTask(id) })))
    const acknowledged = new Set<string>()
    const seen = { active: 0, activeAfter: [] as string[] }
    const over = new AbortController()
    const readers = Array.from({ length: 4 }, async () => {
      while (!over.signal.aborted) {
        for (const id of ids()) {
          const gone = acknowledged.has(id)
          if ((await read(id))?.revoked !== undefined) continue
          seen.active += 1
          if (gone) seen.activeAfter.push(id)
        }
        await turn()
      }
    })
    await Promise.all(
      ids().map(async (id, i) => {
        for (let wait = 0; wait < i % 7; wait++) await turn()
        // A unit that fails beside it, in the same batch or the next, must not bring the task back.
        const conflict = commit({ kind: 'insert-task', task: sampleTask(id) })
        expect(await commit(revoke(id))).toBe('committed')
        acknowledged.add(id)
        expect(await conflict).toBe('conflict')
      }),
    )
    over.abort()
    await Promise.all(readers)
    expect(seen.activeAfter).toEqual([])
    expect(seen.active).toBeGreaterThan(TASKS)
  })

  it('R-ID-2: facts never lag behind what was acknowledged, and are never counted twice', async () => {
    let acknowledged = 0
    let sent = 0
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        for (let n = 0; n < 40; n++) {
          sent += 1
          await commit(calls(1))
          acknowledged += 1
          const least = acknowledged
          const facts = await store.tasks.facts(DEFAULT_TENANT, ROOT)
          expect(facts.calls).toBeGreaterThanOrEqual(least)
          expect(facts.calls).toBeLessThanOrEqual(sent)
          if (n % 5 === i % 5) await turn()
        }
      }),
    )
    expect((await store.tasks.facts(DEFAULT_TENANT, ROOT)).calls).toBe(480)
  })

  it('R-THR-1: a tally is never behind what was acknowledged, and what conflicts is not counted', async () => {
    const tallied = async (): Promise<number> =>
      (await store.tasks.tallies(DEFAULT_TENANT, ROOT, ['again', 'never']))[0]?.count ?? 0
    let acknowledged = 0
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const mine: string[] = []
        for (let n = 0; n < 10; n++) {
          const outcome = await commit(again(100))
          if (outcome === 'committed') acknowledged += 1
          const least = acknowledged
          const now = await tallied()
          expect(now).toBeGreaterThanOrEqual(least)
          expect(now).toBeLessThanOrEqual(100)
          mine.push(outcome)
        }
        return mine
      }),
    )
    expect(Map.groupBy(outcomes.flat(), (each) => each).get('conflict')).toHaveLength(20)
    expect(await tallied()).toBe(100)
    const unit = { records: [], changes: [again(102), again(102), again(102)] }
    expect(await store.journal.commit(unit)).toBe('conflict')
    expect(await tallied()).toBe(100)
    const revoking = [again(101), revoke('tsk_none')]
    expect(await store.journal.commit({ records: [], changes: revoking })).toBe('conflict')
    expect(await tallied()).toBe(100)
  })

  it('R-REL-1: when the writer dies, what it had made durable without saying so is seen', async () => {
    await commit({ kind: 'insert-task', task: sampleTask('tsk_0') })
    await commit(calls(1))
    await commit(again(9))
    const tallies = () => store.tasks.tallies(DEFAULT_TENANT, ROOT, ['again'])
    expect(await tallies()).toEqual([{ count: 1, mark: 0 }])
    expect((await read('tsk_0'))?.revoked).toBeUndefined()
    expect((await store.tasks.facts(DEFAULT_TENANT, ROOT)).calls).toBe(1)
    lost = 'next'
    const results = await Promise.allSettled([commit(revoke('tsk_0')), commit(calls(7)), commit(again(9))])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await tallies()).toEqual([{ count: 2, mark: 0 }])
    expect((await read('tsk_0'))?.revoked?.reason).toBe('lost')
    expect((await store.tasks.facts(DEFAULT_TENANT, ROOT)).calls).toBe(8)
    while (store.health() !== 'available') await turn()
    await commit(calls(1))
    expect((await store.tasks.facts(DEFAULT_TENANT, ROOT)).calls).toBe(9)
  })
})

describe('RecentMap', () => {
  it('keeps the newest and what was asked for, and never more than twice its size', () => {
    const map = new RecentMap<number>(10)
    map.set('asked', -1)
    for (let i = 0; i < 1000; i++) {
      map.set(`k${i}`, i)
      expect(map.get('asked')).toBe(-1)
      expect(map.get(`k${Math.max(0, i - 3)}`)).toBe(Math.max(0, i - 3))
    }
    const kept = Array.from({ length: 1000 }, (_, i) => map.get(`k${i}`)).filter((each) => each !== undefined)
    expect(kept.length).toBeLessThanOrEqual(20)
    map.delete('asked')
    expect(map.get('asked')).toBeUndefined()
  })
})

function ids(): string[] {
  return Array.from({ length: TASKS }, (_, i) => `tsk_${i}`)
}

async function read(id: string): Promise<ReturnType<typeof sampleTask> | undefined> {
  return store.tasks.get(DEFAULT_TENANT, id as TaskId)
}

function commit(change: Change): Promise<string> {
  return store.journal.commit({ records: [], changes: [change] })
}

function calls(count: number): Change {
  return { kind: 'add-facts', tenant: DEFAULT_TENANT, root: ROOT, add: { calls: count } }
}

function again(most: number): Change {
  return { kind: 'add-tally', tenant: DEFAULT_TENANT, root: ROOT, what: 'again', mark: 0, most }
}

function losingResults(thread: Worker): Worker {
  const emit = thread.emit.bind(thread)
  thread.emit = (event: string, ...values: unknown[]): boolean => {
    const [message] = values as { readonly kind?: string }[]
    if (event !== 'message' || message?.kind !== 'results' || lost === 'none') return emit(event, ...values)
    lost = 'none'
    void thread.terminate()
    return true
  }
  return thread
}

function revoke(id: string): Change {
  const by = 'eve' as HumanId
  return { kind: 'revoke-task', tenant: DEFAULT_TENANT, task: id as TaskId, at: AT + 1, by, reason: 'lost' }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
