import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readCheckpointLog, type OutsideCheckpoint } from '../../../src/audit/checkpoint-log.ts'
import { exportLedger } from '../../../src/audit/export-ledger.ts'
import { SILENT } from '../../../src/core/log.ts'
import { checkpointFile } from '../../../src/store/checkpoint-files.ts'
import { openSqliteLedger } from '../../../src/store/sqlite/open-sqlite-ledger.ts'
import { openSqliteStore } from '../../../src/store/sqlite/open-sqlite-store.ts'
import type { LedgerStore } from '../../../src/store/store.ts'
import { decisionRecord, outcomeRecord } from '../sample-records.ts'

/** Records of the ledger that is tampered with: one full tile and an edge. */
export const RECORDS = 290
/** Records between two checkpoints. */
export const STEP = 29

export interface Sample {
  readonly folder: string
  /** The database, closed. */
  readonly file: string
  /** The export, as lines with their line feeds. */
  readonly lines: readonly string[]
  readonly outside: readonly OutsideCheckpoint[]
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** Of somebody who has not the ledger's. */
  readonly thief: KeyObject
}

/** A ledger as a gateway writes it, with a checkpoint after every 29th record, inside and outside. */
export async function sampleOf(): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), 'remit-tamper-'))
  const file = join(folder, 'ledger.sqlite')
  const { privateKey } = generateKeyPairSync('ed25519')
  const store = await openSqliteStore({
    file,
    checkpointFolder: folder,
    signingKey: privateKey,
    log: SILENT,
    checkpointInterval: 0,
  })
  await writeSample(store)
  await store.close()
  const db = new DatabaseSync(file)
  // All of it in one file that can be copied.
  db.exec('PRAGMA journal_mode = DELETE')
  db.close()
  const source = openSqliteLedger(file)
  const lines: string[] = []
  for await (const line of exportLedger(source, 'default')) lines.push(line)
  source.close()
  const outside = readCheckpointLog(checkpointFile(folder, 'default'))
  const thief = generateKeyPairSync('ed25519').privateKey
  return { folder, file, lines, outside, privateKey, publicKey: createPublicKey(privateKey), thief }
}

/** Its records, and with a checkpoint interval of 0 its checkpoints. */
export async function writeSample({ journal }: Pick<LedgerStore, 'journal'>): Promise<void> {
  for (let i = 0; i < RECORDS; i += STEP) {
    const records = Array.from({ length: STEP }, (_, j) => {
      const named = { id: `dec_${i + j}`, task: `tsk_${j % 7}` }
      return j % 2 === 0 ? decisionRecord(named) : outcomeRecord(named)
    })
    await journal.commit({ records, changes: [] })
  }
}

/** The same numbers for the same seed (mulberry32). @returns a whole number below `below`. */
export function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}
