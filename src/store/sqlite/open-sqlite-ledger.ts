import type { DatabaseSync } from 'node:sqlite'

import type { LedgerRow, LedgerSource, SealedBytes, TileRows } from '../../audit/ledger-source.ts'
import { RemitError } from '../../core/errors.ts'
import { decisionRows } from './decision-rows.ts'
import { openForReading } from './open-database.ts'
import {
  MAX_TENANT_NUMBER,
  recordId,
  recordIndex,
  recordRange,
  SCHEMA_VERSION,
  schemaVersion,
} from './schema.ts'

/** No row has it. */
const NO_TENANT = -1

type Row = Record<string, unknown>

/**
 * The ledger in a database file, read-only, whether or not a gateway is using it: one snapshot, from
 * the first look at anything but the tenants until it is closed.
 * @throws RemitError `state_unreadable` when it cannot be opened or is of a later release.
 */
export function openSqliteLedger(file: string): LedgerSource {
  const db = openLedgerFile(file)
  const numberOf = (tenant: string): number =>
    Number(db.prepare('SELECT number FROM tenant WHERE id = ?').get(tenant)?.['number'] ?? NO_TENANT)
  return {
    *tenants() {
      for (const row of db.prepare('SELECT id FROM tenant ORDER BY number').all()) yield String(row['id'])
    },
    records: (tenant, from) => {
      beginSnapshot(db)
      return records(db, numberOf(tenant), from)
    },
    decisions: (tenant, since) => {
      beginSnapshot(db)
      return decisionRows(db, numberOf(tenant), since)
    },
    keyChanges: (tenant) => {
      beginSnapshot(db)
      return keyChanges(db, numberOf(tenant))
    },
    *checkpoints(tenant) {
      beginSnapshot(db)
      const select = db.prepare(
        'SELECT size, CAST(note AS BLOB) AS note FROM checkpoint WHERE tenant = ? ORDER BY size',
      )
      for (const row of select.iterate(numberOf(tenant))) {
        yield { size: Number(row['size']), note: Buffer.from(row['note'] as Uint8Array).toString('utf8') }
      }
    },
    tiles: (tenant) => tiles(db, numberOf(tenant)),
    damage: () => {
      beginSnapshot(db)
      return damage(db)
    },
    close: () => db.close(),
  }
}

/** @throws RemitError `state_unreadable` as `openSqliteLedger`. */
export function openLedgerFile(file: string): DatabaseSync {
  const db = openForReading(file)
  try {
    // Every version so far keeps ledger, tasks and approvals in the same tables.
    const version = schemaVersion(db)
    if (version < 1 || version > SCHEMA_VERSION) throw new Error(`schema version ${version} is not known`)
    return db
  } catch (error) {
    db.close()
    throw new RemitError('state_unreadable', `\`${file}\` is not a ledger of this release`, { cause: error })
  }
}

function beginSnapshot(db: DatabaseSync): void {
  if (!db.isTransaction) db.exec('BEGIN')
}

/** Text as bytes: what is not valid UTF-8 any more must not be mended on the way. */
const RECORDS = 'SELECT id, leaf, CAST(body AS BLOB) AS body FROM record WHERE id BETWEEN ? AND ? ORDER BY id'
const CONTENTS = `SELECT id, CAST(detail AS BLOB) AS detail, detail_salt, CAST(payload AS BLOB) AS payload, payload_salt
  FROM content WHERE id BETWEEN ? AND ? ORDER BY id`

/** Both tables in step, so that content without a record is seen too. */
function* records(db: DatabaseSync, number: number, from = 0): Generator<LedgerRow> {
  const [first, last] = recordRange(number)
  const range = [first + from, last] as const
  const contents = db.prepare(CONTENTS).iterate(...range)
  let content = contents.next().value
  for (const record of db.prepare(RECORDS).iterate(...range)) {
    for (; content && idOf(content) < idOf(record); content = contents.next().value) yield contentOf(content)
    const beside = content && idOf(content) === idOf(record) ? contentOf(content) : undefined
    if (beside) content = contents.next().value
    yield {
      ...beside,
      index: recordIndex(idOf(record)),
      leaf: record['leaf'] as Uint8Array,
      body: record['body'] as Uint8Array,
    }
  }
  for (; content; content = contents.next().value) yield contentOf(content)
}

function* keyChanges(
  db: DatabaseSync,
  number: number,
): Generator<{ readonly index: number; readonly body: Uint8Array }> {
  const found = db.prepare(
    `SELECT id, CAST(body AS BLOB) AS body FROM record WHERE id BETWEEN ? AND ?
      AND instr(body, '"kind":"ledger.key"') > 0 ORDER BY id`,
  )
  for (const row of found.iterate(...recordRange(number))) {
    yield { index: recordIndex(idOf(row)), body: row['body'] as Uint8Array }
  }
}

function idOf(row: Row): number {
  return Number(row['id'])
}

function contentOf(row: Row): LedgerRow {
  const detail = sealedOf(row['detail'], row['detail_salt'])
  const payload = sealedOf(row['payload'], row['payload_salt'])
  return { index: recordIndex(idOf(row)), ...(detail && { detail }), ...(payload && { payload }) }
}

function sealedOf(text: unknown, salt: unknown): SealedBytes | undefined {
  if (text === null && salt === null) return undefined
  return {
    ...(text instanceof Uint8Array && { text }),
    ...(salt instanceof Uint8Array && { salt }),
  }
}

function tiles(db: DatabaseSync, number: number): TileRows {
  const get = db.prepare('SELECT hashes FROM tile WHERE tenant = ? AND level = ? AND number = ?')
  return {
    get: ({ level, index }) => get.get(number, level, index)?.['hashes'] as Uint8Array | undefined,
    *keys() {
      const keys = db.prepare('SELECT level, number FROM tile WHERE tenant = ? ORDER BY level, number')
      for (const row of keys.iterate(number)) {
        yield { level: Number(row['level']), index: Number(row['number']) }
      }
    },
  }
}

function* damage(db: DatabaseSync): Generator<string> {
  for (const row of db.prepare('PRAGMA quick_check(100)').iterate()) {
    const said = String(Object.values(row)[0])
    if (said !== 'ok') yield `the database file is damaged: ${said}`
  }
  const known = new Set(
    db
      .prepare('SELECT number FROM tenant')
      .all()
      .map((row) => Number(row['number'])),
  )
  for (const number of known) {
    if (number < 0 || number > MAX_TENANT_NUMBER) yield `tenant number ${number} is out of range`
  }
  const span = recordId(1, 0)
  for (const table of ['record', 'content']) {
    const numbers = db.prepare(`SELECT DISTINCT id / ${span} AS number, id < 0 AS below FROM ${table}`).all()
    for (const row of numbers) {
      if (!known.has(Number(row['number'])) || row['below'] === 1)
        yield `table ${table} has rows of no tenant`
    }
  }
  for (const table of ['tile', 'checkpoint']) {
    for (const row of db.prepare(`SELECT DISTINCT tenant FROM ${table}`).all()) {
      if (!known.has(Number(row['tenant']))) yield `table ${table} has rows of no tenant`
    }
  }
}
