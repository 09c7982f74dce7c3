import type { KeyObject } from 'node:crypto'
import { Client } from 'pg'
import { readCheckpointLog, type OutsideCheckpoint } from '../../../src/audit/checkpoint-log.ts'
import { type VerifyReport, verifyLedger } from '../../../src/audit/verify.ts'
import type { Finding } from '../../../src/audit/verify-findings.ts'
import { SILENT } from '../../../src/core/log.ts'
import { checkpointFile } from '../../../src/store/checkpoint-files.ts'
import { openPostgresLedger } from '../../../src/store/postgres/open-postgres-ledger.ts'
import { openPostgresStore } from '../../../src/store/postgres/open-postgres-store.ts'
import { copiesOf, neverIntegrated, otherTime, rewrite, type Rewritten } from './rewrite.ts'
import { RECORDS, STEP, writeSample } from './sample.ts'
import type { Tampering } from './tamper-database.ts'

type Random = (below: number) => number
type Tamper = (client: Client, random: Random, sample: PostgresSample) => Promise<Tampering>

export interface PostgresSample {
  readonly url: string
  readonly client: Client
  readonly outside: readonly OutsideCheckpoint[]
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly thief: KeyObject
}

const EVIDENCE = ['record', 'content', 'tile', 'checkpoint'] as const

/** The sample in an empty database, as a gateway writes it, and a second copy beside it to start over from. */
export async function postgresSampleOf(
  place: Pick<PostgresSample, 'url' | 'privateKey' | 'publicKey' | 'thief'> & { readonly folder: string },
): Promise<PostgresSample> {
  const { url, folder, privateKey } = place
  const options = { url, checkpointFolder: folder, signingKey: privateKey, log: SILENT }
  const store = await openPostgresStore({ ...options, checkpointInterval: 0 })
  await writeSample(store)
  await store.close()
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`SET synchronous_commit = off; CREATE SCHEMA kept`)
  for (const table of EVIDENCE) await client.query(`CREATE TABLE kept.${table} AS TABLE public.${table}`)
  return { ...place, client, outside: readCheckpointLog(checkpointFile(folder, 'default')) }
}

const at =
  (...places: readonly number[]) =>
  ({ index }: Finding): boolean =>
    index !== undefined && places.includes(index)

/** Everything of a ledger that evidence is made of, by the row that holds it. */
const CELLS = [
  { table: 'record', key: 'index', column: 'body', text: true },
  { table: 'record', key: 'index', column: 'leaf', text: false },
  { table: 'content', key: 'index', column: 'detail', text: true },
  { table: 'content', key: 'index', column: 'detail_salt', text: false },
  { table: 'content', key: 'index', column: 'payload', text: true },
  { table: 'content', key: 'index', column: 'payload_salt', text: false },
  { table: 'tile', key: 'number', column: 'hashes', text: false },
  { table: 'checkpoint', key: 'size', column: 'note', text: true },
] as const

function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[random(from.length)]
  if (chosen === undefined) throw new Error('nothing to pick from')
  return chosen
}

async function numbers(client: Client, sql: string): Promise<readonly number[]> {
  const { rows } = await client.query<{ n: string }>(sql)
  return rows.map(({ n }) => Number(n))
}

const flip: Tamper = async (client, random) => {
  const { table, key, column, text } = pick(random, CELLS)
  const among = `SELECT ${key} AS n FROM ${table} WHERE ${column} IS NOT NULL ORDER BY 1`
  const row = pick(random, await numbers(client, among))
  const bytesOf = text ? `convert_to(${column}, 'UTF8')` : column
  const read = await client.query<{ bytes: Buffer }>(
    `SELECT ${bytesOf} AS bytes FROM ${table} WHERE ${key} = $1`,
    [row],
  )
  const bytes = read.rows[0]?.bytes ?? Buffer.alloc(0)
  // Text in this database is UTF-8 without zeros: it takes no other, so one ASCII character becomes another.
  const places = Array.from(bytes.keys()).filter((at) => !text || (bytes[at] ?? 0) < 0x80)
  const place = pick(random, places)
  const old = bytes[place] ?? 0
  const bits = Array.from({ length: text ? 7 : 8 }, (_, bit) => 1 << bit)
  bytes[place] = old ^ pick(random, text ? bits.filter((bit) => bit !== old) : bits)
  const set = text ? `convert_from($1, 'UTF8')` : '$1'
  await client.query(`UPDATE ${table} SET ${column} = ${set} WHERE ${key} = $2`, [bytes, row])
  const index = table === 'tile' ? row * 256 + Math.floor(place / 32) : row
  return { what: `flip ${table}.${column} of ${row} at ${place}`, isFound: at(index) }
}

const drop: Tamper = async (client, random) => {
  const { table, key } = pick(random, [CELLS[0], CELLS[2], CELLS[6]])
  const row = pick(random, await numbers(client, `SELECT ${key} AS n FROM ${table} ORDER BY 1`))
  await client.query(`DELETE FROM ${table} WHERE ${key} = $1`, [row])
  // Behind the last record nothing tells but what was signed for it.
  const places = table === 'tile' ? [row * 256] : row === RECORDS - 1 ? [row, RECORDS] : [row]
  return { what: `drop ${table} ${row}`, isFound: at(...places) }
}

const swap: Tamper = async (client, random) => {
  const table = pick(random, ['record', 'content'])
  const all = await numbers(client, `SELECT index AS n FROM ${table} ORDER BY 1`)
  const a = pick(random, all)
  const b = pick(
    random,
    all.filter((index) => index !== a),
  )
  await client.query(`UPDATE ${table} SET index = -1 WHERE index = ${a};
    UPDATE ${table} SET index = ${a} WHERE index = ${b}; UPDATE ${table} SET index = ${b} WHERE index = -1`)
  return { what: `swap ${table} ${a} and ${b}`, isFound: at(Math.min(a, b)) }
}

const insert: Tamper = async (client, random) => {
  const from = random(RECORDS)
  const to = RECORDS + random(3)
  await client.query(`INSERT INTO record (tenant, index, leaf, body, kind, thing, task)
    SELECT tenant, ${to}, leaf, body, kind, thing, task FROM record WHERE index = ${from}`)
  return { what: `insert record ${from} again as ${to}`, isFound: at(RECORDS, to) }
}

async function drops(client: Client, size: number): Promise<void> {
  await client.query(`DELETE FROM record WHERE index >= ${size}; DELETE FROM content WHERE index >= ${size};
    DELETE FROM tile WHERE (number + 1) * 256 > ${size}`)
}

const truncate: Tamper = async (client, random) => {
  const size = random(RECORDS)
  await drops(client, size)
  const isFound = ({ kind, index = 0 }: Finding): boolean => kind === 'truncated' && index > size
  return { what: `truncate to ${size}`, isFound }
}

const rollBack: Tamper = async (client, random) => {
  const size = random(RECORDS / STEP) * STEP
  await drops(client, size)
  await client.query(`DELETE FROM checkpoint WHERE size > ${size}`)
  const isFound = ({ kind, index = 0 }: Finding): boolean => kind === 'outside' && index > size
  return { what: `roll back to ${size}`, isFound }
}

async function bodiesOf(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ body: string }>('SELECT body FROM record ORDER BY index')
  return rows.map(({ body }) => body)
}

async function write(client: Client, { records, tiles, notes }: Rewritten): Promise<void> {
  await client.query(
    `UPDATE record SET body = new.body, leaf = new.leaf
     FROM unnest($1::bigint[], $2::text[], $3::bytea[]) AS new(index, body, leaf) WHERE record.index = new.index`,
    [[...records.keys()], records.map(({ body }) => body), records.map(({ leaf }) => Buffer.from(leaf))],
  )
  for (const { level, index, hashes, root } of tiles) {
    await client.query('UPDATE tile SET hashes = $1, root = $2 WHERE level = $3 AND number = $4', [
      Buffer.from(hashes),
      Buffer.from(root),
      level,
      index,
    ])
  }
  for (const [size, note] of notes) {
    await client.query('UPDATE checkpoint SET note = $1 WHERE size = $2', [note, size])
  }
}

function rewriteWith(who: 'privateKey' | 'thief'): Tamper {
  return async (client, random, sample) => {
    const target = random(RECORDS)
    const sizes = new Set(await numbers(client, 'SELECT size AS n FROM checkpoint'))
    await write(client, rewrite(await bodiesOf(client), otherTime(target), { sizes, key: sample[who] }))
    const first = Math.floor(target / STEP) * STEP + STEP
    const kinds = who === 'thief' ? ['checkpoint', 'outside'] : ['outside']
    const isFound = ({ kind, index = 0 }: Finding): boolean => kinds.includes(kind) && index === first
    return { what: `${who === 'thief' ? 're-sign' : 'fork'} from ${target} on`, isFound }
  }
}

/** By who holds the key and writes the copies outside: only what the writer itself said of the next record tells. */
const removeBefore: Tamper = async (client, random, { privateKey: key }) => {
  // Of the last record nothing tells that there was one.
  const target = random(RECORDS - 1)
  const sizes = new Set(await numbers(client, 'SELECT size AS n FROM checkpoint'))
  const made = neverIntegrated(await bodiesOf(client), target, { sizes, key })
  const last = RECORDS - 1
  await client.query(`DELETE FROM content WHERE index = ${target};
    UPDATE content SET index = -index WHERE index > ${target};
    UPDATE content SET index = -index - 1 WHERE index < 0;
    UPDATE checkpoint SET size = ${last} WHERE size = ${RECORDS};
    DELETE FROM record WHERE index = ${last}`)
  await write(client, made)
  const isFound = ({ kind, index }: Finding): boolean => kind === 'counter' && index === target
  return { what: `record ${target} removed before it was integrated`, isFound, outside: copiesOf(made) }
}

const POSTGRES_TAMPERINGS: readonly Tamper[] = [
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

/** Does the n-th kind of tampering to the database, verifies it and puts it back. */
export async function tamperPostgres(
  sample: PostgresSample,
  n: number,
  random: Random,
): Promise<{ readonly tampering: Tampering; readonly report: VerifyReport }> {
  const { client, url, publicKey } = sample
  const tamper = pick(() => n % POSTGRES_TAMPERINGS.length, POSTGRES_TAMPERINGS)
  const tampering = await tamper(client, random, sample)
  const source = await openPostgresLedger({ url, log: SILENT })
  try {
    const outside = tampering.outside ?? sample.outside
    return { tampering, report: await verifyLedger(source, { publicKey, outsideCheckpoints: () => outside }) }
  } finally {
    source.close()
    const back = EVIDENCE.map((table) => `DELETE FROM ${table}; INSERT INTO ${table} TABLE kept.${table};`)
    await client.query(`BEGIN; ${back.join(' ')} COMMIT`)
  }
}
