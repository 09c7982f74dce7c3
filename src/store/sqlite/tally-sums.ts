import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Change } from '../../core/change.ts'
import type { Tally } from '../../core/loop.ts'
import { RecentMap } from './recent-map.ts'
import { tallyKey, type PackedTallies } from './writer-messages.ts'

interface CountedTally extends Tally {
  readonly tenant: string
  readonly root: string
  readonly what: string
}

/** What one unit makes of the tallies that it adds to. */
export type StagedTallies = ReadonlyMap<string, CountedTally>

const KEPT = 10_000
const NOTHING: StagedTallies = new Map()

/** Sums what a batch adds to tallies, so that each costs one write however many of its calls are in it. */
export class TallySums {
  readonly #read: StatementSync
  readonly #write: StatementSync
  /** As last written: no other connection writes them. */
  readonly #known = new RecentMap<Tally>(KEPT)
  readonly #pending = new Map<string, CountedTally>()

  constructor(db: DatabaseSync) {
    this.#read = db.prepare('SELECT count, mark FROM tally WHERE tenant = ? AND root = ? AND what = ?')
    this.#write = db.prepare(
      'INSERT OR REPLACE INTO tally (tenant, root, what, count, mark) VALUES (?, ?, ?, ?, ?)',
    )
  }

  /** After all that the batch has added already; undefined = one of them would count further than it may. */
  stage(changes: readonly Change[]): StagedTallies | undefined {
    let staged: Map<string, CountedTally> | undefined
    for (const change of changes) {
      if (change.kind !== 'add-tally') continue
      const { tenant, root, what, mark, most = Infinity } = change
      const key = tallyKey(tenant, root, what)
      const now = staged?.get(key) ?? this.#now(key, { tenant, root, what })
      const count = now?.mark === mark ? now.count + 1 : 1
      if (count > most) return undefined
      staged ??= new Map()
      staged.set(key, { tenant, root, what, count, mark })
    }
    return staged ?? NOTHING
  }

  /** The unit applies. */
  keep(staged: StagedTallies): void {
    for (const [key, tally] of staged) this.#pending.set(key, tally)
  }

  /** Writes the sums into the transaction that is open, and tells them. */
  flush(): PackedTallies {
    const written: (string | number)[] = []
    for (const [key, { tenant, root, what, count, mark }] of this.#pending) {
      this.#write.run(tenant, root, what, count, mark)
      this.#known.set(key, { count, mark })
      written.push(key, count, mark)
    }
    this.#pending.clear()
    return written
  }

  /** Forgets what a transaction that failed has written or would have. */
  clear(): void {
    this.#known.clear()
    this.#pending.clear()
  }

  #now(
    key: string,
    { tenant, root, what }: Pick<CountedTally, 'tenant' | 'root' | 'what'>,
  ): Tally | undefined {
    const known = this.#pending.get(key) ?? this.#known.get(key)
    if (known !== undefined) return known
    const row = this.#read.get(tenant, root, what)
    return row && { count: Number(row['count']), mark: Number(row['mark']) }
  }
}
