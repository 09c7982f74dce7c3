import type { Standing } from '../../core/standing.ts'

/**
 * What this replica knows to be stopped. Each batch that it writes tells the newest revision, so what it knows is at
 * most one decision behind; a decision that was made with less is not recorded.
 */
export class KnownStandings {
  readonly #standings = new Map<string, Standing>()
  readonly #newest = new Map<string, number>()

  get(tenant: string): Standing | undefined {
    const known = this.#standings.get(tenant)
    return known !== undefined && known.revision >= (this.#newest.get(tenant) ?? 0) ? known : undefined
  }

  keep(tenant: string, standing: Standing): void {
    this.#standings.set(tenant, standing)
  }

  learn(revisions: ReadonlyMap<string, number>): void {
    for (const [tenant, revision] of revisions) this.#newest.set(tenant, revision)
  }
}
