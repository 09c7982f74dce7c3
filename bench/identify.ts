import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Change } from '../src/core/change.ts'
import { DEFAULT_TENANT, type HumanId } from '../src/core/ids.ts'
import type { Task } from '../src/core/identity.ts'
import { SILENT } from '../src/core/log.ts'
import type { GateDeps } from '../src/gate/gate-deps.ts'
import { identify } from '../src/gate/identify.ts'
import { taskRecord } from '../src/gate/task-records.ts'
import { directoryOf } from '../src/identity/human-directory.ts'
import { createTokenVerifier, mintTaskToken, type TokenSigner } from '../src/identity/task-token.ts'
import { composeGateway } from '../src/server/compose.ts'
import { loadKeys } from '../src/server/keys.ts'
import { loadConfig } from '../src/server/load-config.ts'
import { openStateFolder } from '../src/server/state-folder.ts'
import { openForReading } from '../src/store/sqlite/open-database.ts'
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts'
import type { LedgerStore } from '../src/store/store.ts'
import { sampleTask } from '../test/suites/sample-records.ts'

/**
 * What knowing the caller costs: CPU of `identify` (token from the cache, what was revoked and halted since, the task with its
 * parent, its human) on SQLite, and CPU, time and memory of a whole gateway's start; with a hundred tasks and with 10⁴ active and
 * 10⁵ past ones, each with its record. Best chunk or round of each, interleaved.
 */
const CHUNKS = 200
const CHUNK = 500
const ROUNDS = 4
const SIZES = { few: { active: 100, past: 0 }, many: { active: 10_000, past: 100_000 } }
const SELF = fileURLToPath(import.meta.url)

interface Start {
  readonly cpu: number
  readonly wall: number
  readonly rss: number
}

if (process.argv[2] === undefined) await measure()
else console.log(JSON.stringify(await start(process.argv[2])))

async function measure(): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const names = ['few', 'many'] as const
  const places = await Promise.all(names.map(async (name) => ({ name, folder: await prepare(SIZES[name]) })))
  const starts = new Map<string, Start[]>(names.map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, folder } of places) {
      const said = execFileSync(process.execPath, ['--expose-gc', SELF, folder], { encoding: 'utf8' })
      starts.get(name)?.push(JSON.parse(said) as Start)
    }
  }
  for (const { name, folder } of places) {
    const micros = await identifying(folder, { privateKey, publicKey, active: SIZES[name].active })
    const best = (what: keyof Start): number =>
      Math.min(...(starts.get(name) ?? []).map((each) => each[what]))
    console.log(
      `${name.padEnd(5)} identify ${micros.toFixed(2)} µs CPU a call  start ${best('cpu').toFixed(0)} ms CPU, ${best('wall').toFixed(0)} ms, ${(best('rss') / 2 ** 20).toFixed(0)} MiB`,
    )
    rmSync(folder, { recursive: true })
  }
}

/** A gateway's folder that was started once, and then got its tasks. */
async function prepare({
  active,
  past,
}: {
  readonly active: number
  readonly past: number
}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'remit-identify-'))
  writeFileSync(
    join(folder, 'remit.yaml'),
    'listen: { agent: "127.0.0.1:0", admin: "localhost:0" }\nhumans: [{ id: ada, roles: [maintainer] }]\n',
  )
  await start(folder)
  const store = await openStore(folder)
  for (let at = 0; at < active + past; at += 1_000) {
    const ids = Array.from({ length: Math.min(1_000, active + past - at) }, (_, i) => at + i)
    await Promise.all(ids.map((id) => insert(store, id, id >= active)))
  }
  await projected(folder)
  await store.close()
  // The start after it settles whatever the last one left.
  await start(folder)
  return folder
}

/** Resolves when the writer, which rests now, has put every record into the search table. */
async function projected(folder: string): Promise<void> {
  const db = openForReading(openStateFolder(join(folder, '.remit')).ledger)
  const last = (table: string): unknown => db.prepare(`SELECT max(id) AS id FROM ${table}`).get()?.['id']
  while (last('search') !== last('record')) {
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
  }
  db.close()
}

function insert(store: LedgerStore, id: number, past: boolean): Promise<unknown> {
  const task: Task = {
    ...sampleTask(`tsk_${id}`, past ? { expires: Date.now() - 1 } : { expires: Date.now() + 86_400_000 }),
    human: 'ada' as HumanId,
  }
  const deps = {
    clock: { now: () => Date.now() },
    settings: { tenant: DEFAULT_TENANT, protection: 'advisory' },
  }
  const step = { kind: 'task.created', actor: 'ada', credential: 'approver' } as const
  const changes: Change[] = [
    { kind: 'insert-task', task },
    { kind: 'add-facts', tenant: task.tenant, root: task.id, add: { calls: 1 } },
  ]
  return store.journal.commit({
    records: [taskRecord(deps as unknown as GateDeps, { task, ancestors: [] }, step)],
    changes,
  })
}

function openStore(folder: string): Promise<LedgerStore> {
  const state = openStateFolder(join(folder, '.remit'))
  return openSqliteStore({
    file: state.ledger,
    signingKey: loadKeys(state.keys).checkpoint.privateKey,
    log: SILENT,
  })
}

async function start(folder: string): Promise<Start> {
  const before = process.cpuUsage()
  const from = performance.now()
  const loaded = loadConfig({ environ: {}, cwd: folder })
  const gateway = await composeGateway({ loaded, environ: {}, log: SILENT, demo: false })
  const { user, system } = process.cpuUsage(before)
  const wall = performance.now() - from
  globalThis.gc?.()
  const { rss } = process.memoryUsage()
  await gateway.stop()
  return { cpu: (user + system) / 1_000, wall, rss }
}

/** Microseconds of CPU for each call, spread over all active tasks, each of which has called before. */
async function identifying(
  folder: string,
  {
    privateKey,
    publicKey,
    active,
  }: { readonly privateKey: KeyObject; readonly publicKey: KeyObject; readonly active: number },
): Promise<number> {
  const store = await openStore(folder)
  const [issuer, audience, keyId] = ['http://127.0.0.1:7410', 'http://127.0.0.1:7410/mcp', randomUUID()]
  const signer: TokenSigner = { privateKey, keyId, issuer, audience }
  const now = (): number => Date.now()
  const deps = {
    settings: { tenant: DEFAULT_TENANT },
    verifier: createTokenVerifier({
      publicKeys: new Map([[keyId, publicKey]]),
      issuer,
      audience,
      now,
      cacheSize: 10_000,
    }),
    tasks: store.tasks,
    humans: directoryOf([{ tenant: DEFAULT_TENANT, id: 'ada' as HumanId, teams: [], roles: ['maintainer'] }]),
    clock: { now, micros: () => performance.now() * 1_000 },
  } as unknown as GateDeps
  const tokens: string[] = []
  for (let id = 0; id < active; id += 1) {
    const task = await store.tasks.get(DEFAULT_TENANT, `tsk_${id}` as Task['id'])
    if (task === undefined) throw new Error(`tsk_${id} is not there`)
    tokens.push(await mintTaskToken({ ...task, created: Date.now() - 1_000 }, [], signer))
  }
  for (const token of tokens) await identify(deps, token)
  let best = Infinity
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const from = process.cpuUsage()
    for (let at = 0; at < CHUNK; at += 1) await identify(deps, tokens[(chunk * CHUNK + at) % active])
    const { user, system } = process.cpuUsage(from)
    best = Math.min(best, (user + system) / CHUNK)
  }
  await store.close()
  return best
}
