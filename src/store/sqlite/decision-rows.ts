import type { DatabaseSync } from 'node:sqlite'
import type { DecisionRow } from '../../audit/ledger-source.ts'
import { recordIndex, recordRange } from './schema.ts'

/** Records stand in the order in which they became durable, which is nearly that of their times. */
const SLACK = 60_000

/** As `LedgerSource.decisions`. A record of another kind may be among them; none is missing. */
export function* decisionRows(db: DatabaseSync, tenant: number, since: number): Generator<DecisionRow> {
  const [low, high] = recordRange(tenant)
  const from = firstSince(db, { low, high, since: since - SLACK })
  const rows = db.prepare(
    `SELECT record.id AS id, body, detail FROM record LEFT JOIN content ON content.id = record.id
     WHERE record.id BETWEEN ? AND ? AND instr(body, '"kind":"decision"') > 0 ORDER BY record.id`,
  )
  for (const { id, body, detail } of rows.iterate(from, high)) {
    const index = recordIndex(Number(id))
    yield typeof detail === 'string' ? { index, body: String(body), detail } : { index, body: String(body) }
  }
}

/** The id from which on records are of that time, found by halving. */
function firstSince(
  db: DatabaseSync,
  range: { readonly low: number; readonly high: number; readonly since: number },
): number {
  if (!Number.isFinite(range.since)) return range.low
  const last = db.prepare('SELECT max(id) AS id FROM record WHERE id BETWEEN ? AND ?')
  const top = last.get(range.low, range.high)?.['id']
  if (typeof top !== 'number') return range.low
  const next = db.prepare(
    `SELECT id, body ->> '$.at' AS at FROM record WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1`,
  )
  let [low, high] = [range.low, top + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = next.get(middle, top)
    if (row !== undefined && Date.parse(String(row['at'])) < range.since) low = Number(row['id']) + 1
    else high = middle
  }
  return low
}
