import type { DatabaseSync } from 'node:sqlite'

/** Whether this database is of a release that has the index. */
export function hasSearchIndex(db: DatabaseSync): boolean {
  return db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'search_posting'`).get() !== undefined
}

/** Every read of the index; each one seeks by the key of its table. */
export const SEARCH_READS = {
  filled: 'SELECT block, count FROM search_block WHERE tenant = ? ORDER BY block DESC LIMIT 1',
  term: 'SELECT id FROM search_term WHERE tenant = ? AND field = ? AND value = ?',
  terms:
    'SELECT id, value FROM search_term WHERE tenant = ? AND field = ? AND value >= ? AND value < ? ORDER BY value LIMIT ?',
  thing: 'SELECT id FROM search_thing WHERE thing = ? AND id BETWEEN ? AND ? ORDER BY id DESC LIMIT 10000',
  blocks:
    'SELECT block, count, low, high FROM search_block WHERE tenant = ? AND block BETWEEN ? AND ? ORDER BY block',
  /** The terms are a list in JSON, so that thousands of them are one question. */
  postings:
    'SELECT term, block, bits FROM json_each(?) CROSS JOIN search_posting ON term = json_each.value WHERE block BETWEEN ? AND ?',
  times: 'SELECT times FROM search_block WHERE tenant = ? AND block = ?',
} as const
