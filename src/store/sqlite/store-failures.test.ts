import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { readCheckpointLog } from '../../audit/checkpoint-log.ts'
import { verifyLedger } from '../../audit/verify.ts'
import type { UnitOfWork } from '../../core/change.ts'
import { DEFAULT_TENANT } from '../../core/ids.ts'
import { SILENT } from '../../core/log.ts'
import { decisionRecord, sampleTask } from '../../../test/suites/sample-records.ts'
import { openSqliteLedger } from './open-sqlite-ledger.ts'
import { openSqliteStore, type SqliteStoreOptions } from './open-sqlite-store.ts'
import type { LedgerStore } from '../store.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
let folder: string
let file: string
let store: LedgerStore | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remit-failures-'))
  file = join(folder, 'remit.db')
})
afterEach(async () => {
  await store?.close()
  store = undefined
  rmSync(folder, { recursive: true, force: true })
})

describe('a ledger that cannot be written', () => {
  it('R-REL-1: with the database full nothing passes and nothing is kept, and it recovers when there is room', async () => {
    store = await open({ maxPages: 150 })
    const results = await Promise.allSettled(Array.from({ length: 400 }, (_, i) => commit(i)))
    const stored = results.filter(({ status }) => status === 'fulfilled').length
    expect(stored).toBeGreaterThan(20)
    expect(stored).toBeLessThan(400)
    expect(refusals(results)).toEqual(new Set(['ledger_unavailable']))
    expect(store.health()).toBe('unavailable')
    await expect(commit(401)).rejects.toMatchObject({ code: 'ledger_unavailable' })
    expect(store.depth()).toBe(0)
    expect((await store.records.head(DEFAULT_TENANT)).size).toBe(stored)

    const other = new DatabaseSync(file)
    other.exec('PRAGMA busy_timeout=2000; DELETE FROM content; VACUUM')
    other.close()
    await until(() => store?.health() === 'available')
    expect(await commit(402)).toBe('committed')
    expect((await store.records.head(DEFAULT_TENANT)).size).toBe(stored + 1)
  })

  it('R-REL-1: a unit that the database refuses takes no other with it', async () => {
    store = await open()
    const bad: UnitOfWork = {
      records: [decisionRecord({ id: 'dec_bad', task: 'tsk_1' })],
      changes: [{ kind: 'insert-task', task: sampleTask('tsk_bad', { created: Number.NaN }) }],
    }
    const results = await Promise.allSettled([commit(1), store.journal.commit(bad), commit(2)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(refusals(results)).toEqual(new Set(['internal']))
    expect(await commit(3)).toBe('committed')
    expect((await store.records.head(DEFAULT_TENANT)).size).toBe(3)
    await store.close()
    expect(await findings()).toEqual([])
  })

  const mountable = process.platform === 'linux' && process.getuid?.() === 0 && canMount()
  if (!mountable) console.log('not run: a full tmpfs, which needs root on Linux and the right to mount')
  it.runIf(mountable)(
    'R-REL-1: with the disk full nothing passes, and it recovers when there is room',
    async () => {
      const disk = join(folder, 'disk')
      mkdirSync(disk)
      mountTmpfs(disk, '3m')
      try {
        const ballast = join(disk, 'ballast')
        writeFileSync(ballast, Buffer.alloc(1 << 20))
        file = join(disk, 'remit.db')
        store = await open()
        const results = await Promise.allSettled(Array.from({ length: 3000 }, (_, i) => commit(i)))
        const stored = results.filter(({ status }) => status === 'fulfilled').length
        expect(stored).toBeGreaterThan(20)
        expect(stored).toBeLessThan(3000)
        await expect(commit(3001)).rejects.toMatchObject({ code: 'ledger_unavailable' })
        expect(statfsSync(disk).bfree).toBeLessThan(64)
        rmSync(ballast)
        await until(() => store?.health() === 'available')
        expect(await commit(3002)).toBe('committed')
        expect((await store.records.head(DEFAULT_TENANT)).size).toBe(stored + 1)
        await store.close()
        expect(await findings()).toEqual([])
      } finally {
        await store?.close()
        store = undefined
        unmount(disk)
      }
    },
  )

  it('R-REL-1: a database deleted or moved away under the gateway is not written to any more', async () => {
    store = await open()
    expect(await commit(1)).toBe('committed')
    renameSync(file, `${file}.away`)
    await expect(commit(2)).rejects.toMatchObject({ code: 'ledger_unavailable' })
    await expect(commit(3)).rejects.toMatchObject({ code: 'ledger_unavailable' })
    renameSync(`${file}.away`, file)
    await until(() => store?.health() === 'available')
    expect(await commit(4)).toBe('committed')
    expect((await store.records.head(DEFAULT_TENANT)).size).toBe(2)
  })

  it('R-REL-1: when the writer dies all that wait are refused, and another one goes on', async () => {
    const threads: Worker[] = []
    store = await open({
      startThread: (settings) => {
        const url = new URL('./writer-thread.ts', import.meta.url)
        const thread = new Worker(url, { workerData: settings, execArgv: [] })
        threads.push(thread)
        return thread
      },
    })
    for (let round = 0; round < 3; round++) {
      const waiting = Array.from({ length: 500 }, (_, i) => commit(i))
      await waiting[round * 80]
      await threads.at(-1)?.terminate()
      const results = await Promise.allSettled(waiting)
      expect(refusals(results)).toEqual(new Set(['ledger_unavailable']))
      expect(results.at(-1)?.status).toBe('rejected')
      await until(() => store?.health() === 'available')
      expect(await commit(round)).toBe('committed')
    }
    expect(threads).toHaveLength(4)
    await store.close()
    expect(await findings()).toEqual([])
  })

  it('R-REL-1: says that it is busy rather than queue without end', async () => {
    store = await open({ limits: { waitingUnits: 100 } })
    const results = await Promise.allSettled(Array.from({ length: 300 }, (_, i) => commit(i)))
    expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(100)
    expect(refusals(results)).toEqual(new Set(['ledger_busy']))
    expect(await commit(1)).toBe('committed')
  })
})

describe('opening a state folder', () => {
  it('R-REL-1: is refused while another gateway has it', async () => {
    store = await open()
    await expect(open()).rejects.toMatchObject({ code: 'state_locked' })
    const child = `import { DatabaseSync } from 'node:sqlite'
      try { new DatabaseSync(${JSON.stringify(`${file}-lock`)}).exec('BEGIN EXCLUSIVE') }
      catch (error) { process.exit(error.errcode === 5 ? 42 : 1) }`
    const run = (): unknown => execFileSync(process.execPath, ['--input-type=module', '-e', child])
    expect(run).toThrow(expect.objectContaining({ status: 42 }))
    await store.close()
    store = await open()
    expect(await commit(1)).toBe('committed')
  })

  it.each([
    ['a changed record', `UPDATE record SET body = replace(body, 'ada', 'eve') WHERE id = 5`, 'record 5'],
    ['a missing record', 'DELETE FROM record WHERE id = 5', 'record 5 is missing'],
    ['a missing end', 'DELETE FROM record WHERE id >= 5', 'records from 5 on are missing'],
    [
      'an older copy put back',
      'DELETE FROM record WHERE id >= 5; DELETE FROM checkpoint WHERE size > 5',
      'records from 5 on are missing',
    ],
    [
      'an empty database put in its place',
      'DELETE FROM record; DELETE FROM checkpoint; DELETE FROM content; DELETE FROM tenant',
      'records from 0 on are missing',
    ],
    [
      'a foreign checkpoint',
      `UPDATE checkpoint SET note = replace(note, 'default', 'defaulu')`,
      'not signed',
    ],
  ])('R-AUD-2: is refused with %s, and says where', async (_, sql, where) => {
    store = await open()
    for (let i = 0; i < 9; i++) await commit(i)
    await store.close()
    const db = new DatabaseSync(file)
    db.exec(sql)
    db.close()
    await expect(open()).rejects.toMatchObject({
      code: 'ledger_broken',
      message: expect.stringContaining(where),
    })
  })

  it('says what is wrong with a file that is no database, or of a later release', async () => {
    writeFileSync(file, 'not a database, but long enough to be taken for the header of one'.repeat(20))
    await expect(open()).rejects.toMatchObject({ code: 'state_unreadable' })
    rmSync(file)
    store = await open()
    await store.close()
    const db = new DatabaseSync(file)
    db.exec('INSERT INTO schema_version VALUES (1000)')
    db.close()
    await expect(open()).rejects.toMatchObject({ code: 'state_unreadable', message: /newer release/ })
    await expect(open({ file: join(folder, 'none', 'remit.db') })).rejects.toMatchObject({
      code: 'state_unreadable',
    })
  })

  it('refuses a key that cannot sign checkpoints', async () => {
    const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await expect(open({ signingKey: rsa })).rejects.toMatchObject({ code: 'key_unusable' })
  })
})

describe('checkpoints', () => {
  it('R-AUD-2: are signed while the ledger grows, not more often than asked, and put outside', async () => {
    store = await open({ checkpointInterval: 300 })
    const started = Date.now()
    for (let i = 0; i < 40; i++) {
      await commit(i)
      await pause(25)
    }
    const log = join(folder, 'checkpoints-default.log')
    // Outside it is put last.
    await until(() => readCheckpointLog(log).some(({ note }) => note?.split('\n')[1] === '40'))
    const most = (Date.now() - started) / 300 + 2
    const outside = readCheckpointLog(log)
    expect(outside.length).toBeGreaterThan(2)
    expect(outside.length).toBeLessThan(most)
    expect(outside.at(-1)?.note).toBe((await store.records.head(DEFAULT_TENANT)).checkpoint)
  })

  it('R-AUD-2: a ledger in use verifies without a finding', async () => {
    store = await open({ checkpointInterval: 0 })
    const stop = new AbortController()
    const load = (async () => {
      for (let i = 0; !stop.signal.aborted; i++) await commit(i)
    })()
    for (let round = 0; round < 10; round++) {
      await pause(20)
      expect(await findings()).toEqual([])
    }
    stop.abort()
    await load
  })
})

function open(options: Partial<SqliteStoreOptions> = {}): Promise<LedgerStore> {
  return openSqliteStore({ file, checkpointFolder: folder, signingKey: privateKey, log: SILENT, ...options })
}

function commit(i: number): Promise<string> {
  const unit: UnitOfWork = { records: [decisionRecord({ id: `dec_${i}`, task: 'tsk_1' })], changes: [] }
  return store?.journal.commit(unit) ?? Promise.reject(new Error('no store'))
}

/** The codes with which commits were refused. */
function refusals(results: readonly PromiseSettledResult<string>[]): Set<unknown> {
  const refused = results.filter((result) => result.status === 'rejected')
  return new Set(refused.map(({ reason }) => (reason as { readonly code?: unknown }).code))
}

async function findings(): Promise<readonly unknown[]> {
  const source = openSqliteLedger(file)
  const log = join(folder, 'checkpoints-default.log')
  const report = await verifyLedger(source, { publicKey, outsideCheckpoints: () => readCheckpointLog(log) })
  source.close()
  return report.findings
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

const SYSTEM = { mount: 'mount', unmount: 'umount' }

function mountTmpfs(at: string, size: string): void {
  execFileSync(SYSTEM.mount, ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at], { stdio: 'ignore' })
}

function unmount(at: string): void {
  execFileSync(SYSTEM.unmount, [at], { stdio: 'ignore' })
}

function canMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'remit-mount-'))
  try {
    mountTmpfs(at, '1m')
    unmount(at)
    return true
  } catch {
    return false
  } finally {
    rmSync(at, { recursive: true, force: true })
  }
}
