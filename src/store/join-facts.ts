import type { FactIncrements, SessionFacts } from '../core/facts.ts'

/** Facts after an increment: numbers added, labels united and sorted. */
export function joinFacts(facts: SessionFacts, add: FactIncrements): SessionFacts {
  const fresh = add.labels?.filter((label) => !facts.labels.includes(label)) ?? []
  return {
    calls: facts.calls + (add.calls ?? 0),
    writes: facts.writes + (add.writes ?? 0),
    denials: facts.denials + (add.denials ?? 0),
    consents: facts.consents + (add.consents ?? 0),
    errors: facts.errors + (add.errors ?? 0),
    labels: fresh.length === 0 ? facts.labels : [...new Set([...facts.labels, ...fresh])].toSorted(),
  }
}
