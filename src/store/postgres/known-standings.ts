import type { Standing } from '../../core/standing.ts'

/** Milliseconds after which it is looked again, for those who wait while this replica writes nothing. */
const FRESH = 1_000

interface Known {
  readonly standing: Standing
  readonly at: number
}

/**
 * What this replica knows to be stopped. Each batch that it writes tells the newest revision, so what it knows is at
 * most one decision behind; a decision that was made with less is not recorded.
 */
export class KnownStandings {
  readonly #standings = new Map<string, Known>()
  readonly #newest = new Map<string, number>()

  get(tenant: string): Standing | undefined {
    const known = this.#standings.get(tenant)
    if (known === undefined || performance.now() - known.at > FRESH) return undefined
    return known.standing.revision >= (this.#newest.get(tenant) ?? 0) ? known.standing : undefined
  }

  keep(tenant: string, standing: Standing): void {
    this.#standings.set(tenant, { standing, at: performance.now() })
  }

  learn(revisions: ReadonlyMap<string, number>): void {
    for (const [tenant, revision] of revisions) this.#newest.set(tenant, revision)
  }
}
