import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { OutsideCheckpoint } from '../../../src/audit/checkpoint-log.ts'
import { type VerifyReport, verifyLedger } from '../../../src/audit/verify.ts'
import type { Finding } from '../../../src/audit/verify-findings.ts'
import { openSqliteLedger } from '../../../src/store/sqlite/open-sqlite-ledger.ts'
import { copiesOf, neverIntegrated, otherTime, rewrite, type Rewritten } from './rewrite.ts'
import { RECORDS, STEP, type Sample } from './sample.ts'

type Random = (below: number) => number

/** What was done, and whether a finding is of it and of its place. */
export interface Tampering {
  readonly what: string
  readonly isFound: (finding: Finding) => boolean
  /** Copies of checkpoints that the forger could write as well; absent = those that were kept. */
  readonly outside?: readonly OutsideCheckpoint[]
}

type Tamper = (db: DatabaseSync, random: Random, sample: Sample) => Tampering

const at =
  (...places: readonly number[]) =>
  ({ index }: Finding): boolean =>
    index !== undefined && places.includes(index)

/** Everything of a ledger that evidence is made of, by the row that holds it. */
const CELLS = [
  { table: 'record', key: 'id', column: 'body', text: true },
  { table: 'record', key: 'id', column: 'leaf', text: false },
  { table: 'content', key: 'id', column: 'detail', text: true },
  { table: 'content', key: 'id', column: 'detail_salt', text: false },
  { table: 'content', key: 'id', column: 'payload', text: true },
  { table: 'content', key: 'id', column: 'payload_salt', text: false },
  { table: 'tile', key: 'number', column: 'hashes', text: false },
  { table: 'checkpoint', key: 'size', column: 'note', text: true },
] as const

function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[random(from.length)]
  if (chosen === undefined) throw new Error('nothing to pick from')
  return chosen
}

function numbers(db: DatabaseSync, sql: string, ...values: readonly SQLInputValue[]): readonly number[] {
  return db
    .prepare(sql)
    .all(...values)
    .map((row) => Number(Object.values(row)[0]))
}

const flip: Tamper = (db, random) => {
  const { table, key, column, text } = pick(random, CELLS)
  const row = pick(random, numbers(db, `SELECT ${key} FROM ${table} WHERE ${column} IS NOT NULL`))
  const read = db.prepare(`SELECT CAST(${column} AS BLOB) AS bytes FROM ${table} WHERE ${key} = ?`)
  const bytes = Uint8Array.from(read.get(row)?.['bytes'] as Uint8Array)
  const place = random(bytes.length)
  bytes[place] = (bytes[place] ?? 0) ^ (1 << random(8))
  db.prepare(`UPDATE ${table} SET ${column} = ${text ? 'CAST(? AS TEXT)' : '?'} WHERE ${key} = ?`).run(
    bytes,
    row,
  )
  const index = table === 'tile' ? row * 256 + Math.floor(place / 32) : row
  return { what: `flip ${table}.${column} of ${row} at ${place}`, isFound: at(index) }
}

const drop: Tamper = (db, random) => {
  const { table, key } = pick(random, [CELLS[0], CELLS[2], CELLS[6]])
  const row = pick(random, numbers(db, `SELECT ${key} FROM ${table}`))
  db.prepare(`DELETE FROM ${table} WHERE ${key} = ?`).run(row)
  // Behind the last record nothing tells but what was signed for it.
  const places = table === 'tile' ? [row * 256] : row === RECORDS - 1 ? [row, RECORDS] : [row]
  return { what: `drop ${table} ${row}`, isFound: at(...places) }
}

const swap: Tamper = (db, random) => {
  const table = pick(random, ['record', 'content'])
  const ids = numbers(db, `SELECT id FROM ${table}`)
  const a = pick(random, ids)
  const b = pick(
    random,
    ids.filter((id) => id !== a),
  )
  db.exec(`UPDATE ${table} SET id = -1 WHERE id = ${a}; UPDATE ${table} SET id = ${a} WHERE id = ${b};
    UPDATE ${table} SET id = ${b} WHERE id = -1`)
  return { what: `swap ${table} ${a} and ${b}`, isFound: at(Math.min(a, b)) }
}

const insert: Tamper = (db, random) => {
  const from = random(RECORDS)
  const to = RECORDS + random(3)
  db.exec(`INSERT INTO record SELECT ${to}, leaf, body FROM record WHERE id = ${from}`)
  return { what: `insert record ${from} again as ${to}`, isFound: at(RECORDS, to) }
}

const drops = (db: DatabaseSync, size: number): void => {
  db.exec(`DELETE FROM record WHERE id >= ${size}; DELETE FROM content WHERE id >= ${size};
    DELETE FROM tile WHERE (number + 1) * 256 > ${size}`)
}

const truncate: Tamper = (db, random) => {
  const size = random(RECORDS)
  drops(db, size)
  const isFound = ({ kind, index = 0 }: Finding): boolean => kind === 'truncated' && index > size
  return { what: `truncate to ${size}`, isFound }
}

const rollBack: Tamper = (db, random) => {
  const size = random(RECORDS / STEP) * STEP
  drops(db, size)
  db.exec(`DELETE FROM checkpoint WHERE size > ${size}`)
  const isFound = ({ kind, index = 0 }: Finding): boolean => kind === 'outside' && index > size
  return { what: `roll back to ${size}`, isFound }
}

function bodiesOf(db: DatabaseSync): readonly string[] {
  const rows = db.prepare('SELECT body FROM record ORDER BY id').all()
  return rows.map((row) => String(row['body']))
}

function write(db: DatabaseSync, { records, tiles, notes }: Rewritten): void {
  const record = db.prepare('UPDATE record SET body = ?, leaf = ? WHERE id = ?')
  for (const [id, { leaf, body }] of records.entries()) record.run(body, leaf, id)
  const tile = db.prepare('UPDATE tile SET hashes = ?, root = ? WHERE level = ? AND number = ?')
  for (const { level, index, hashes, root } of tiles) tile.run(hashes, root, level, index)
  const note = db.prepare('UPDATE checkpoint SET note = ? WHERE size = ?')
  for (const [size, text] of notes) note.run(text, size)
}

function rewriteWith(who: 'privateKey' | 'thief'): Tamper {
  return (db, random, sample) => {
    const target = random(RECORDS)
    const sizes = new Set(numbers(db, 'SELECT size FROM checkpoint'))
    write(db, rewrite(bodiesOf(db), otherTime(target), { sizes, key: sample[who] }))
    const first = Math.floor(target / STEP) * STEP + STEP
    const kinds = who === 'thief' ? ['checkpoint', 'outside'] : ['outside']
    const isFound = ({ kind, index = 0 }: Finding): boolean => kinds.includes(kind) && index === first
    return { what: `${who === 'thief' ? 're-sign' : 'fork'} from ${target} on`, isFound }
  }
}

/** By who holds the key and writes the copies outside: only what the writer itself said of the next record tells. */
const removeBefore: Tamper = (db, random, { privateKey: key }) => {
  // Of the last record nothing tells that there was one.
  const target = random(RECORDS - 1)
  const sizes = new Set(numbers(db, 'SELECT size FROM checkpoint'))
  const made = neverIntegrated(bodiesOf(db), target, { sizes, key })
  const last = RECORDS - 1
  db.exec(`DELETE FROM content WHERE id = ${target}; UPDATE content SET id = -id WHERE id > ${target};
    UPDATE content SET id = -id - 1 WHERE id < 0; DELETE FROM record WHERE id = ${last};
    UPDATE checkpoint SET size = ${last} WHERE size = ${RECORDS}`)
  write(db, made)
  const isFound = ({ kind, index }: Finding): boolean => kind === 'counter' && index === target
  return { what: `record ${target} removed before it was integrated`, isFound, outside: copiesOf(made) }
}

const DATABASE_TAMPERINGS: readonly Tamper[] = [
  flip,
  flip,
  drop,
  swap,
  insert,
  truncate,
  rollBack,
  rewriteWith('thief'),
  rewriteWith('privateKey'),
  removeBefore,
]

/** Does the n-th kind of tampering to a copy of the database, and verifies it. */
export async function tamperDatabase(
  sample: Sample,
  n: number,
  random: Random,
): Promise<{ readonly tampering: Tampering; readonly report: VerifyReport }> {
  const copy = join(sample.folder, 'tampered.sqlite')
  copyFileSync(sample.file, copy)
  const db = new DatabaseSync(copy)
  db.exec('PRAGMA synchronous = OFF; BEGIN')
  const tamper = pick(() => n % DATABASE_TAMPERINGS.length, DATABASE_TAMPERINGS)
  const tampering = tamper(db, random, sample)
  db.exec('COMMIT')
  db.close()
  const source = openSqliteLedger(copy)
  try {
    const { publicKey } = sample
    const outside = tampering.outside ?? sample.outside
    return { tampering, report: await verifyLedger(source, { publicKey, outsideCheckpoints: () => outside }) }
  } finally {
    source.close()
    rmSync(copy)
  }
}
