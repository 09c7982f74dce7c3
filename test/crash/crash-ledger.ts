import { spawn } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

import { readCheckpointLog } from '../../src/audit/checkpoint-log.ts'
import { verifyLedger } from '../../src/audit/verify.ts'
import { SILENT } from '../../src/core/log.ts'
import { openSqliteLedger } from '../../src/store/sqlite/open-sqlite-ledger.ts'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'

/** Kills on one folder before it is looked at whole and left; each starts where the last one was killed. */
const KILLS_A_FOLDER = 5

/** Kills a process that commits under load at a random moment, `kills` times, and checks what is left. */
export async function crashLedger(kills: number): Promise<{ acknowledged: number }> {
  let acknowledged = 0
  for (let done = 0; done < kills; done += KILLS_A_FOLDER) {
    const folder = mkdtempSync(join(tmpdir(), 'remit-crash-'))
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    for (let kill = 0; kill < Math.min(KILLS_A_FOLDER, kills - done); kill++) {
      await killUnderLoad(folder, kill)
      await checkFolder(folder, publicKey)
    }
    acknowledged += readSaid(folder).length
    const store = await openSqliteStore({
      file: join(folder, 'remit.db'),
      signingKey: privateKey,
      log: SILENT,
    })
    await store.close()
    rmSync(folder, { recursive: true })
  }
  return { acknowledged }
}

/** What the processes said was committed before they died. */
function readSaid(folder: string): string[] {
  return readFileSync(join(folder, 'said'), 'utf8').split('\n').slice(0, -1)
}

async function killUnderLoad(folder: string, run: number): Promise<void> {
  const script = fileURLToPath(new URL('ledger-load.ts', import.meta.url))
  const child = spawn(process.execPath, [script, folder, String(run)], { stdio: ['ignore', 'pipe', 'pipe'] })
  let problems = ''
  child.stderr.on('data', (data: Buffer) => (problems += data.toString()))
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 300))
  await new Promise((resolve) => {
    child.on('close', resolve)
  })
  expect({ problems, signal: child.signalCode }).toEqual({ problems: '', signal: 'SIGKILL' })
}

async function checkFolder(folder: string, publicKey: KeyObject): Promise<void> {
  const file = join(folder, 'remit.db')
  const source = openSqliteLedger(file)
  const outsideCheckpoints = (tenant: string): ReturnType<typeof readCheckpointLog> =>
    readCheckpointLog(join(folder, `checkpoints-${tenant}.log`))
  const { findings } = await verifyLedger(source, { publicKey, outsideCheckpoints })
  source.close()
  expect(findings).toEqual([])

  const db = new DatabaseSync(file, { readOnly: true })
  const ids = db
    .prepare(`SELECT body ->> '$.id' AS id FROM record`)
    .all()
    .map((row) => String(row['id']))
  const used = db
    .prepare(`SELECT id FROM approval WHERE state = 'used'`)
    .all()
    .map((row) => String(row['id']))
  const calls = db.prepare('SELECT calls FROM session_facts').get()?.['calls']
  db.close()
  const stored = new Set(ids)
  expect(readSaid(folder).filter((id) => !stored.has(id))).toEqual([])
  expect(stored.size).toBe(ids.length)
  expect(ids.filter((id) => id.startsWith('apr_')).toSorted()).toEqual(used.toSorted())
  expect(calls ?? 0).toBe(ids.filter((id) => id.startsWith('dec_')).length)
}
