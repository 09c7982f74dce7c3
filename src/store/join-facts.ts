import { FACT_COUNTS, type FactIncrements, type SessionFacts } from '../core/facts.ts'

/** Facts after an increment: numbers added, labels united and sorted. */
export function joinFacts(facts: SessionFacts, add: FactIncrements): SessionFacts {
  const fresh = add.labels?.filter((label) => !facts.labels.includes(label)) ?? []
  return {
    calls: facts.calls + (add.calls ?? 0),
    writes: facts.writes + (add.writes ?? 0),
    denials: facts.denials + (add.denials ?? 0),
    consents: facts.consents + (add.consents ?? 0),
    errors: facts.errors + (add.errors ?? 0),
    files: facts.files + (add.files ?? 0),
    lines: facts.lines + (add.lines ?? 0),
    pullRequests: facts.pullRequests + (add.pullRequests ?? 0),
    ciRuns: facts.ciRuns + (add.ciRuns ?? 0),
    installs: facts.installs + (add.installs ?? 0),
    labels: fresh.length === 0 ? facts.labels : [...new Set([...facts.labels, ...fresh])].toSorted(),
  }
}

/** Whether facts stay within limits after an increment; what the increment leaves alone is not asked about. */
export function staysWithin(
  facts: SessionFacts,
  add: FactIncrements,
  limits: { readonly [C in (typeof FACT_COUNTS)[number]]?: number },
): boolean {
  return FACT_COUNTS.every((count) => {
    const limit = limits[count]
    const more = add[count] ?? 0
    return limit === undefined || more === 0 || facts[count] + more <= limit
  })
}
