import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Change } from '../../core/change.ts'
import { FACT_COUNTS, NO_HISTORY, type FactIncrements, type SessionFacts } from '../../core/facts.ts'
import { isLabel } from '../../core/labels.ts'
import { joinFacts, staysWithin } from '../join-facts.ts'
import { RecentMap } from './recent-map.ts'
import type { FactsOfTree } from './writer-messages.ts'

const COLUMNS = [...FACT_COUNTS, 'labels'].join(', ')
const SELECT = `SELECT ${COLUMNS} FROM session_facts WHERE tenant = ? AND root = ?`

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
      files: Number(row['files']),
      lines: Number(row['lines']),
      pullRequests: Number(row['pullRequests']),
      ciRuns: Number(row['ciRuns']),
      installs: Number(row['installs']),
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
      `INSERT OR REPLACE INTO session_facts (tenant, root, ${COLUMNS})
       VALUES (?, ?, ${FACT_COUNTS.map(() => '?').join(', ')}, ?)`,
    )
  }

  add(tenant: string, root: string, add: FactIncrements): void {
    this.#pending.set(`${tenant}\n${root}`, { tenant, root, facts: joinFacts(this.#now(tenant, root), add) })
  }

  /** Whether an increment stays within its limits, after all that the batch has added already. */
  admits({ tenant, root, add, limits }: Extract<Change, { kind: 'add-facts' }>): boolean {
    return limits === undefined || staysWithin(this.#now(tenant, root), add, limits)
  }

  #now(tenant: string, root: string): SessionFacts {
    const key = `${tenant}\n${root}`
    return this.#pending.get(key)?.facts ?? this.#known.get(key) ?? this.#read(tenant, root)
  }

  /** Writes the sums into the transaction that is open, and tells them. */
  flush(): readonly FactsOfTree[] {
    for (const [key, { tenant, root, facts }] of this.#pending) {
      this.#write.run(tenant, root, ...FACT_COUNTS.map((count) => facts[count]), facts.labels.join(' '))
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
