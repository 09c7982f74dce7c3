import type { PoolClient } from 'pg'
import type { OpenLedger } from './tenant-ledgers.ts'

/** What is searched by, of a record's body. */
interface Searched {
  readonly kind: string
  readonly id: string
  readonly identity?: { readonly task: string; readonly human: string }
  readonly actor?: string
}

/** Sends what a batch added to a tenant's ledger, one statement a table. */
export async function insertRows(
  client: PoolClient,
  { number, ledger, rows }: OpenLedger,
  writer: string,
): Promise<void> {
  const { records, contents, tiles, checkpoints } = rows.take()
  for (const { size, note } of checkpoints) {
    await client.query(
      'INSERT INTO checkpoint (tenant, size, note) VALUES ($1, $2, $3) ON CONFLICT (tenant, size) DO UPDATE SET note = $3',
      [number, size, note],
    )
  }
  if (records.length === 0) return
  const searched = records.map(({ body }) => JSON.parse(body) as Searched)
  await client.query(
    `INSERT INTO record (tenant, index, leaf, body, kind, thing, task, human)
     SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])`,
    [
      number,
      records.map(({ index }) => index),
      records.map(({ leaf }) => Buffer.from(leaf)),
      records.map(({ body }) => body),
      searched.map(({ kind }) => kind),
      searched.map(({ id }) => id),
      searched.map(({ identity }) => identity?.task ?? null),
      searched.map(({ identity, actor }) => identity?.human ?? actor ?? null),
    ],
  )
  if (contents.length > 0) {
    await client.query(
      `INSERT INTO content (tenant, index, detail, detail_salt, payload, payload_salt)
       SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::bytea[])`,
      [
        number,
        contents.map(({ index }) => index),
        contents.map(({ detail }) => detail?.text ?? null),
        contents.map(({ detail }) => bytes(detail?.salt)),
        contents.map(({ payload }) => payload?.text ?? null),
        contents.map(({ payload }) => bytes(payload?.salt)),
      ],
    )
  }
  for (const { level, index, hashes, root } of tiles) {
    await client.query('INSERT INTO tile (tenant, level, number, hashes, root) VALUES ($1, $2, $3, $4, $5)', [
      number,
      level,
      index,
      hashes,
      root,
    ])
  }
  await client.query('UPDATE tenant SET size = $2 WHERE number = $1', [number, ledger.size])
  const { seq, prev } = ledger.place
  await client.query(
    `INSERT INTO writer_place (writer, tenant, seq, prev) VALUES ($1, $2, $3, $4)
     ON CONFLICT (writer, tenant) DO UPDATE SET seq = $3, prev = $4`,
    [writer, number, seq, prev],
  )
}

function bytes(value: Uint8Array | undefined): Buffer | null {
  return value === undefined ? null : Buffer.from(value)
}
