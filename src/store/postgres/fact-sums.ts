import type { PoolClient } from 'pg'
import type { Change } from '../../core/change.ts'
import { FACT_COUNTS, NO_HISTORY, type SessionFacts } from '../../core/facts.ts'
import { joinFacts, staysWithin } from '../join-facts.ts'

type AddFacts = Extract<Change, { kind: 'add-facts' }>

const COLUMNS = [...FACT_COUNTS.map((count) => `"${count}"`), 'labels']
const SUMS = FACT_COUNTS.map((count) => `"${count}" = known."${count}" + excluded."${count}"`).join(', ')

interface Sum {
  readonly tenant: string
  readonly root: string
  readonly facts: SessionFacts
}

/**
 * Sums the increments of a batch, so that a tree costs one write however many of its calls are in it. The tenants' rows
 * are locked meanwhile, so nobody else changes what is compared with a limit.
 */
export class FactSums {
  /** Counts before the batch, of trees with a limit. */
  readonly #before = new Map<string, SessionFacts>()
  readonly #sums = new Map<string, Sum>()

  async load(client: PoolClient, changes: readonly Change[]): Promise<void> {
    const limited = changes.filter((change) => change.kind === 'add-facts' && change.limits !== undefined)
    if (limited.length === 0) return
    const keys = limited.map((change) => change as AddFacts)
    const { rows } = await client.query<SessionFacts & { readonly tenant: string; readonly root: string }>(
      `SELECT tenant, root, ${COLUMNS.join(', ')} FROM session_facts
       WHERE (tenant, root) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [keys.map(({ tenant }) => tenant), keys.map(({ root }) => root)],
    )
    for (const { tenant, root, ...facts } of rows) this.#before.set(keyOf(tenant, root), facts)
  }

  admits({ tenant, root, add, limits }: AddFacts): boolean {
    if (limits === undefined) return true
    const key = keyOf(tenant, root)
    const sum = this.#sums.get(key)?.facts
    const before = this.#before.get(key) ?? NO_HISTORY
    return staysWithin(sum === undefined ? before : joinFacts(before, sum), add, limits)
  }

  add({ tenant, root, add }: AddFacts): void {
    const key = keyOf(tenant, root)
    const facts = joinFacts(this.#sums.get(key)?.facts ?? NO_HISTORY, add)
    this.#sums.set(key, { tenant, root, facts })
  }

  async write(client: PoolClient): Promise<void> {
    for (const { tenant, root, facts } of this.#sums.values()) {
      await client.query(
        `INSERT INTO session_facts AS known (tenant, root, ${COLUMNS.join(', ')})
         VALUES ($1, $2, ${COLUMNS.map((_, at) => `$${at + 3}`).join(', ')})
         ON CONFLICT (tenant, root) DO UPDATE SET ${SUMS},
           labels = ARRAY(SELECT DISTINCT unnest(known.labels || excluded.labels) ORDER BY 1)`,
        [tenant, root, ...FACT_COUNTS.map((count) => facts[count]), facts.labels],
      )
    }
  }
}

function keyOf(tenant: string, root: string): string {
  return `${tenant}\n${root}`
}
