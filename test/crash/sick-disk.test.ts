import { type ChildProcess, spawn } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCheckpointLog } from '../../src/audit/checkpoint-log.ts'
import { verifyLedger } from '../../src/audit/verify.ts'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import { SILENT } from '../../src/core/log.ts'
import { openSqliteLedger } from '../../src/store/sqlite/open-sqlite-ledger.ts'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import { makeSickDisk, type SickDisk } from '../support/sick-disk.ts'

interface Settled {
  readonly stored: readonly string[]
  readonly refused: readonly string[]
  readonly codes: Readonly<Record<string, number>>
}
interface Seen {
  readonly health: string
  readonly depth: number
}

/** Another process that commits on a sick disk. */
class Load {
  readonly child: ChildProcess
  readonly #answers: AsyncIterator<string>
  readonly stored: string[] = []
  readonly refused: string[] = []

  constructor(folder: string, disk: SickDisk) {
    const script = fileURLToPath(new URL('sick-load.ts', import.meta.url))
    this.child = spawn(process.execPath, [script, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...disk.env },
    })
    if (this.child.stdout === null) throw new Error('no output')
    this.#answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }

  begin(name: string, count: number): void {
    this.child.stdin?.write(`commit ${name} ${count}\n`)
  }

  async settled(): Promise<Settled> {
    const settled = (await this.#answer()) as Settled
    this.stored.push(...settled.stored)
    this.refused.push(...settled.refused)
    return settled
  }

  commit(name: string, count: number): Promise<Settled> {
    this.begin(name, count)
    return this.settled()
  }

  async look(): Promise<Seen> {
    this.child.stdin?.write('look\n')
    return (await this.#answer()) as Seen
  }

  async #answer(): Promise<unknown> {
    const { value } = await this.#answers.next()
    return JSON.parse(String(value))
  }
}

const made = makeSickDisk()
if (typeof made === 'string') console.log(`not run: a sick disk, since ${made}`)
else made.remove()

describe.runIf(typeof made !== 'string')('a disk that is sick', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  let disk: SickDisk
  let folder: string
  let load: Load

  beforeEach(() => {
    disk = makeSickDisk() as SickDisk
    folder = mkdtempSync(join(tmpdir(), 'remit-crash-'))
    writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    load = new Load(folder, disk)
  })

  afterEach(() => {
    load.child.kill('SIGKILL')
    disk.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  /** What was acknowledged is there, what was refused is not, and all of it holds. */
  async function expectKept(judged: (id: string) => boolean = () => true): Promise<readonly string[]> {
    const source = openSqliteLedger(join(folder, 'remit.db'))
    const { findings } = await verifyLedger(source, {
      publicKey: createPublicKey(privateKey),
      outsideCheckpoints: (tenant) => readCheckpointLog(join(folder, `checkpoints-${tenant}.log`)),
    })
    source.close()
    expect(findings).toEqual([])
    const store = await openSqliteStore({
      file: join(folder, 'remit.db'),
      signingKey: privateKey,
      log: SILENT,
    })
    const records = await store.records.query({ tenant: DEFAULT_TENANT, limit: 10_000 })
    await store.close()
    const kept = new Set(records.map(({ envelope }) => envelope.id))
    expect(load.stored.filter((id) => !kept.has(id))).toEqual([])
    expect(load.refused.filter((id) => judged(id) && kept.has(id))).toEqual([])
    return [...kept]
  }

  test('R-REL-1: where nothing becomes durable or can be written, nothing is acknowledged or kept, and it goes on by itself', async () => {
    expect((await load.commit('well', 40)).stored).toHaveLength(40)
    for (const trouble of ['fail', 'full', 'readonly'] as const) {
      disk.begin(trouble)
      const { stored, codes } = await load.commit(trouble, 40)
      expect({ trouble, stored, codes }).toEqual({ trouble, stored: [], codes: { ledger_unavailable: 40 } })
      expect(await load.look()).toEqual({ health: 'unavailable', depth: 0 })
      disk.end(trouble)
      await expect.poll(async () => (await load.look()).health).toBe('available')
      expect((await load.commit(`after-${trouble}`, 40)).stored).toHaveLength(40)
    }
    disk.begin('fail')
    await load.commit('last', 40)
    load.child.kill('SIGKILL')
    await once(load.child, 'exit')
    // Its units were written and not made durable: whoever reads next may find all of them, or none.
    const found = await expectKept((id) => !id.startsWith('dec_last'))
    expect([0, 40]).toContain(found.filter((id) => id.startsWith('dec_last')).length)
  })

  test('R-REL-1: where it takes its time, what waits has a bound, the rest is told `ledger_busy`, and nothing that was taken is lost', async () => {
    await load.commit('well', 1)
    disk.begin('hold')
    load.begin('held', 3_000)
    expect((await load.look()).depth).toBe(500)
    // By now one batch of 64 is on its way to the disk, so as many more may wait.
    load.begin('more', 1_000)
    expect((await load.look()).depth).toBe(564)
    disk.end('hold')
    const settled = [await load.settled(), await load.settled()]
    const busy = settled.map(({ codes }) => codes['ledger_busy'] ?? 0)
    expect(settled.flatMap(({ stored }) => stored)).toHaveLength(564)
    expect(busy.reduce((sum, each) => sum + each, 0)).toBe(4_000 - 564)
    expect((await load.commit('after', 100)).stored).toHaveLength(100)
    load.child.kill('SIGKILL')
    await once(load.child, 'exit')
    await expectKept()
  })
})
