import type { DatabaseSync, StatementSync } from 'node:sqlite'

import { NO_HISTORY, type FactIncrements, type SessionFacts } from '../../core/facts.ts'
import { isLabel } from '../../core/labels.ts'
import { joinFacts } from '../join-facts.ts'

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

interface PendingFacts {
  readonly tenant: string
  readonly root: string
  readonly facts: SessionFacts
}

/** Sums the increments of a batch, so that a tree costs one write however many of its calls are in it. */
export class FactSums {
  readonly #read: (tenant: string, root: string) => SessionFacts
  readonly #write: StatementSync
  readonly #pending = new Map<string, PendingFacts>()

  constructor(db: DatabaseSync) {
    this.#read = factsReader(db)
    this.#write = db.prepare(
      `INSERT OR REPLACE INTO session_facts (tenant, root, calls, writes, denials, consents, errors, labels)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
  }

  add(tenant: string, root: string, add: FactIncrements): void {
    const key = `${tenant}\n${root}`
    const facts = this.#pending.get(key)?.facts ?? this.#read(tenant, root)
    this.#pending.set(key, { tenant, root, facts: joinFacts(facts, add) })
  }

  /** Writes the sums into the transaction that is open. */
  flush(): void {
    for (const { tenant, root, facts } of this.#pending.values()) {
      const { calls, writes, denials, consents, errors, labels } = facts
      this.#write.run(tenant, root, calls, writes, denials, consents, errors, labels.join(' '))
    }
    this.#pending.clear()
  }

  /** Forgets what a transaction that failed would have written. */
  clear(): void {
    this.#pending.clear()
  }
}
