import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Installation, PASSPHRASE, restore, rewritten } from '../../../test/support/backed-up.ts'
import { DEFAULT_TENANT, type TaskId } from '../../core/ids.ts'
import { openSqliteStore } from '../../store/sqlite/open-sqlite-store.ts'
import { verifyOffline } from '../offline-ledger.ts'
import type { BackupReport } from './back-up.ts'
import { recordRestored, restoredFile } from './backup-records.ts'

let gateway: Installation
/** With its keys. */
let file: string
let target: string
let whole: BackupReport

beforeAll(async () => {
  gateway = new Installation()
  await gateway.run()
  await Promise.all(Array.from({ length: 100 }, (_, i) => gateway.write(`first${i}`)))
  file = join(gateway.home, 'all.backup')
  whole = await gateway.backUp(file, PASSPHRASE)
})

afterAll(() => gateway.remove())

beforeEach(() => {
  target = mkdtempSync(join(tmpdir(), 'remit-restored-'))
})

afterEach(() => {
  rmSync(target, { recursive: true, force: true })
})

/** What a restoration that was refused has left. */
const traces = (): readonly string[] => readdirSync(target)

describe('R-REL-1: a backup', () => {
  test('made while the gateway writes is one moment of it, whole, and readable by its owner only', async () => {
    const on = new AbortController()
    const writing = (async () => {
      for (let i = 0; !on.signal.aborted && i < 100; i++) await gateway.write(`during${i}`)
    })()
    const made = join(gateway.home, 'busy.backup')
    const { tenants, id } = await gateway.backUp(made)
    on.abort()
    await writing
    expect(statSync(made).mode & 0o777).toBe(0o600)
    const { keyed } = await restore(target, made)
    expect(keyed).toBe(false)
    mkdirSync(join(target, '.remit', 'keys'), { recursive: true })
    for (const key of readdirSync(gateway.state.keys)) {
      const bytes = readFileSync(join(gateway.state.keys, key))
      writeFileSync(join(target, '.remit', 'keys', key), bytes, { mode: 0o600 })
    }
    const report = await verifyOffline({ cwd: target, environ: {} })
    expect(report).toMatchObject({ ok: true, tenants })
    const store = await openSqliteStore({
      ...gateway.options,
      file: join(target, '.remit', 'ledger.sqlite'),
      checkpointFolder: join(target, '.remit', 'checkpoints'),
    })
    // It holds the record of itself, and a task for each decision: no unit of work was cut in two.
    const query = { tenant: DEFAULT_TENANT, limit: 10_000 }
    const records = await store.records.query(query)
    expect(records.find(({ envelope }) => envelope.kind === 'backup.made')?.envelope.id).toBeDefined()
    expect(records.map(({ envelope }) => envelope.id)).toContain(id)
    const tasks = await store.tasks.list(DEFAULT_TENANT, 10_000)
    expect(tasks).toHaveLength(records.filter(({ envelope }) => envelope.kind === 'decision').length)
    await store.close()
  })

  test('brings configuration, policies, keys and secrets back on another machine, and says so on record', async () => {
    expect(whole).toMatchObject({ keys: true, tenants: [{ tenant: 'default', records: 101 }], left: [] })
    const report = await restore(target, file)
    expect(report).toMatchObject({ keyed: true, selfSigned: true, compared: false, lost: {}, kept: [] })
    for (const path of [
      'remit.yaml',
      'policies/own.cedar',
      '.remit/keys/checkpoint.pem',
      '.remit/secrets/forge',
    ]) {
      expect(readFileSync(join(target, path))).toEqual(readFileSync(join(gateway.home, path)))
    }
    expect(statSync(join(target, '.remit/keys/checkpoint.pem')).mode & 0o777).toBe(0o600)
    const store = await openSqliteStore({
      ...gateway.options,
      file: join(target, '.remit', 'ledger.sqlite'),
      checkpointFolder: join(target, '.remit', 'checkpoints'),
    })
    await recordRestored(join(target, '.remit'), DEFAULT_TENANT, store.journal)
    await recordRestored(join(target, '.remit'), DEFAULT_TENANT, store.journal)
    const found = await store.records.query({ tenant: DEFAULT_TENANT, kind: 'backup.restored' })
    expect(found.map(({ envelope }) => envelope.data)).toEqual([
      { backup: report.backup, from: report.made, lost: {} },
    ])
    expect(await store.tasks.get(DEFAULT_TENANT, 'tsk_first7' as TaskId)).toMatchObject({ id: 'tsk_first7' })
    await store.close()
    expect((await verifyOffline({ cwd: target, environ: {} })).ok).toBe(true)
  })

  test('holds no key and no secret in the clear, and without being asked none at all', async () => {
    const secrets = ['PRIVATE KEY', 'ghp_secret', 'Z2hwX3NlY3JldF9vZl90aGVfZm9yZ2']
    const made = join(gateway.home, 'bare.backup')
    await gateway.backUp(made)
    for (const each of [file, made]) {
      const text = gunzipSync(readFileSync(each)).toString('utf8')
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    }
    expect(gunzipSync(readFileSync(made)).toString('utf8')).not.toContain('"sealed":{"kdf"')
  })

  test('is not made where nobody would know of it, nor over a file, nor under a short passphrase', async () => {
    await expect(gateway.backUp(file)).rejects.toMatchObject({ code: 'input_invalid' })
    const made = join(gateway.home, 'short.backup')
    await expect(gateway.backUp(made, 'short')).rejects.toMatchObject({ code: 'input_invalid' })
    const records = await gateway.store.records.query({ tenant: DEFAULT_TENANT, kind: 'backup.made' })
    const before = records.length
    await gateway.stop()
    // By itself where no gateway runs.
    await gateway.backUp(join(gateway.home, 'idle.backup'))
    await gateway.run()
    const after = await gateway.store.records.query({ tenant: DEFAULT_TENANT, kind: 'backup.made' })
    expect(after).toHaveLength(before + 1)
    expect(readdirSync(gateway.home).filter((name) => /new|short/.test(name))).toEqual([])
  })
})

describe('R-REL-1: a restoration is refused, and nothing is touched,', () => {
  test('where a byte of the backup is another, or it is cut', async () => {
    const bytes = readFileSync(file)
    const damaged = join(gateway.home, 'damaged')
    const places = [0, 0.3, 0.9].map((at) => Math.floor(at < 1 ? at * bytes.length : at))
    for (const at of [...places, bytes.length - 6]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x40
      writeFileSync(damaged, changed)
      await expect(restore(target, damaged)).rejects.toMatchObject({ code: 'backup_unusable' })
    }
    for (const at of [10, bytes.length - 1]) {
      writeFileSync(damaged, bytes.subarray(0, at))
      await expect(restore(target, damaged)).rejects.toMatchObject({ code: 'backup_unusable' })
    }
    expect(traces()).toEqual([])
  })

  test.each([
    ['of a newer format', (line: string) => line.replace('"remit-backup":1', '"remit-backup":2'), 'newer'],
    [
      'of a newer database',
      (line: string) => line.replace(/"version":\d+/, '"version":999'),
      'newer release',
    ],
    [
      'with a file that would lie elsewhere',
      (line: string) => line.replace('policies/own.cedar', '../own.cedar'),
      'would not belong there',
    ],
    [
      'with rows of a table that is none',
      (line: string) => line.replace('"table":"task"', '"table":"task; DROP TABLE task"'),
      'cannot be',
    ],
  ])('where it is %s', async (_, change, why) => {
    const changed = rewritten(file, (lines) => lines.map(change))
    await expect(restore(target, changed)).rejects.toMatchObject({
      code: 'backup_unusable',
      message: expect.stringContaining(why),
    })
    expect(traces()).toEqual([])
  })

  test('where its ledger does not hold, or is signed with another key than the one that is named', async () => {
    const forged = rewritten(file, (lines) =>
      lines.map((line) =>
        line.includes('"table":"record"') ? line.replace('dec_first7', 'dec_first8') : line,
      ),
    )
    await expect(restore(target, forged, { passphrase: async () => undefined })).rejects.toMatchObject({
      code: 'ledger_broken',
      message: expect.stringContaining('record 7'),
    })
    const other = new Installation()
    const key = join(target, 'other.pem')
    writeFileSync(key, other.publicPem)
    const named = restore(target, file, { publicKey: key, passphrase: async () => undefined })
    await expect(named).rejects.toMatchObject({ code: 'ledger_broken' })
    await other.remove()
    expect(traces()).toEqual(['other.pem'])
  })

  test('where the passphrase is another, or somebody changed it who does not have it', async () => {
    const changed = rewritten(file, (lines) => lines.map((line) => line.replace('Ly8gb3du', 'Ly8gb3dz')))
    const opened = restore(target, changed)
    await expect(opened).rejects.toMatchObject({
      message: expect.stringContaining('does not have its passphrase'),
    })
    const refused = restore(target, file, { passphrase: async () => 'another long passphrase' })
    await expect(refused).rejects.toMatchObject({ code: 'backup_unusable' })
    expect(traces()).toEqual([])
  })

  test('where there is something, or a gateway runs', async () => {
    await expect(restore(gateway.home, file)).rejects.toMatchObject({ code: 'restore_refused' })
    await expect(restore(gateway.home, file, { force: true })).rejects.toMatchObject({ code: 'state_locked' })
    expect(readdirSync(gateway.home).filter((name) => name.startsWith('.remit'))).toEqual(['.remit'])
  })
})

test('R-AUD-2: a restoration that goes back behind what was signed is said to be a rollback, needs a word, and is on record', async () => {
  const { state, home } = gateway
  await gateway.write('later')
  await gateway.stop()
  const size = (await verifyOffline({ cwd: home, environ: {} })).tenants[0]?.records ?? 0
  await expect(restore(home, file, { force: true })).rejects.toMatchObject({
    code: 'restore_refused',
    message: expect.stringMatching(`rollback: .default. had ${size} records, and the backup has 101`),
  })
  expect((await verifyOffline({ cwd: home, environ: {} })).tenants[0]?.records).toBe(size)

  const report = await restore(home, file, { force: true, acceptRollback: true })
  const lost = { default: { had: size, has: 101 } }
  expect(report).toMatchObject({ lost, selfSigned: false, compared: true })
  // What was there is all there still.
  expect(existsSync(join(report.before ?? '', 'ledger.sqlite'))).toBe(true)
  expect(existsSync(restoredFile(state.root))).toBe(true)
  await gateway.run()
  await recordRestored(state.root, DEFAULT_TENANT, gateway.store.journal)
  const [record] = await gateway.store.records.query({ tenant: DEFAULT_TENANT, kind: 'backup.restored' })
  expect(record?.envelope.data).toMatchObject({ lost })
})
