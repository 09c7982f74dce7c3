import type { DatabaseSync, StatementSync } from 'node:sqlite'

import { NO_HISTORY, type FactIncrements, type SessionFacts } from '../../core/facts.ts'
import { isLabel } from '../../core/labels.ts'
import { joinFacts } from '../join-facts.ts'
import { RecentMap } from './recent-map.ts'
import type { FactsOfTree } from './writer-messages.ts'

const SELECT = `SELECT calls, writes, denials, consents, errors, labels
  FROM session_facts WHERE tenant = ? AND root = ?`

/** Reads facts of a tree; a tree that has done nothing has `NO_HISTORY`. */
export function factsReader(db: DatabaseSync): (tenant: string, root: string) => SessionFacts {
  const select = db.prepare(SELECT)
  return (tenant, root) => {
    const row = select.get(tenant, root)
    if (row === undefined) return NO_HISTORY
    return {
      calls: Number(row['calls']),
      writes: Number(row['writes']),
      denials: Number(row['denials']),
      consents: Number(row['consents']),
      errors: Number(row['errors']),
      labels: String(row['labels']).split(' ').filter(isLabel),
    }
  }
}

/** Trees whose facts the writer keeps at hand. */
const KEPT = 10_000

/** Sums the increments of a batch, so that a tree costs one write however many of its calls are in it. */
export class FactSums {
  readonly #read: (tenant: string, root: string) => SessionFacts
  readonly #write: StatementSync
  /** As last written: no other connection writes them. */
  readonly #known = new RecentMap<SessionFacts>(KEPT)
  readonly #pending = new Map<string, FactsOfTree>()

  constructor(db: DatabaseSync) {
    this.#read = factsReader(db)
    this.#write = db.prepare(
      `INSERT OR REPLACE INTO session_facts (tenant, root, calls, writes, denials, consents, errors, labels)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
  }

  add(tenant: string, root: string, add: FactIncrements): void {
    const key = `${tenant}\n${root}`
    const facts = this.#pending.get(key)?.facts ?? this.#known.get(key) ?? this.#read(tenant, root)
    this.#pending.set(key, { tenant, root, facts: joinFacts(facts, add) })
  }

  /** Writes the sums into the transaction that is open, and tells them. */
  flush(): readonly FactsOfTree[] {
    for (const [key, { tenant, root, facts }] of this.#pending) {
      const { calls, writes, denials, consents, errors, labels } = facts
      this.#write.run(tenant, root, calls, writes, denials, consents, errors, labels.join(' '))
      this.#known.set(key, facts)
    }
    const written = [...this.#pending.values()]
    this.#pending.clear()
    return written
  }

  /** Forgets what a transaction that failed has written or would have. */
  clear(): void {
    this.#known.clear()
    this.#pending.clear()
  }
}
