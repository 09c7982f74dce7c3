import type { PoolClient } from 'pg'
import type { DecisionRow } from '../../audit/ledger-source.ts'

/** Rows read at a time. */
const PAGE = 2_000
/** Records stand in the order in which they became durable, which is nearly that of their times. */
const SLACK = 60_000

/** As `LedgerSource.decisions`. A record of another kind may be among them; none is missing. */
export async function* decisionRows(
  client: PoolClient,
  number: Promise<number>,
  since: number,
): AsyncGenerator<DecisionRow> {
  const tenant = await number
  let after = (await firstSince(client, tenant, since - SLACK)) - 1
  for (;;) {
    const { rows } = await client.query<{ index: number; body: string; detail: string | null }>(
      `SELECT record.index, body, detail
       FROM record LEFT JOIN content ON content.tenant = record.tenant AND content.index = record.index
       WHERE record.tenant = $1 AND kind = 'decision' AND record.index > $2 ORDER BY record.index LIMIT $3`,
      [tenant, after, PAGE],
    )
    for (const { index, body, detail } of rows) {
      yield detail === null ? { index, body } : { index, body, detail }
    }
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.index
  }
}

/** The index from which on records are of that time, found by halving. */
async function firstSince(client: PoolClient, tenant: number, since: number): Promise<number> {
  if (!Number.isFinite(since)) return 0
  const { rows } = await client.query<{ size: number | null }>(
    'SELECT max(index) + 1 AS size FROM record WHERE tenant = $1',
    [tenant],
  )
  let [low, high] = [0, rows[0]?.size ?? 0]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const found = await client.query<{ index: number; at: string }>(
      `SELECT index, body::json ->> 'at' AS at FROM record WHERE tenant = $1 AND index >= $2 ORDER BY index LIMIT 1`,
      [tenant, middle],
    )
    const [row] = found.rows
    if (row !== undefined && Date.parse(row.at) < since) low = row.index + 1
    else high = middle
  }
  return low
}
