import type { Decision, Effect } from '../core/decision.ts'
import type { DissectedPolicy } from './dissect-policy.ts'
import type { ExplainedChange } from './explanation.ts'
import type { DecisionRequest } from './policy-set.ts'
import { possibleChanges, type PossibleChange } from './possible-changes.ts'

const MOST_CHANGES = 8
/** Pairs are tried only where no single change helps; more than this many candidates would take too long. */
const MOST_PAIRED = 150
const MILDNESS: Readonly<Record<Effect, number>> = { allow: 0, consent: 1, deny: 2 }

export interface ChangeSearch {
  readonly decision: Decision
  readonly policies: readonly DissectedPolicy[]
  readonly decide: (request: DecisionRequest) => Decision
}

/**
 * The smallest changes that alter the outcome: towards allowing what is not allowed, and for what is allowed,
 * what would stop it. Searched by deciding again, so that each one is true.
 */
export function findChanges(request: DecisionRequest, search: ChangeSearch): readonly ExplainedChange[] {
  const candidates = possibleChanges(request, search)
  const singles = altering(request, candidates, search)
  if (singles.length > 0 || search.decision.effect === 'allow') return singles
  return altering(request, pairs(candidates.slice(0, MOST_PAIRED)), search)
}

function altering(
  request: DecisionRequest,
  candidates: readonly PossibleChange[],
  { decision, decide }: ChangeSearch,
): readonly ExplainedChange[] {
  const before = MILDNESS[decision.effect]
  const found: ExplainedChange[] = []
  for (const { text, apply } of candidates) {
    const { effect, policies } = decide(apply(request))
    const after = MILDNESS[effect]
    if (before === 0 ? after > 0 : after < before) found.push({ text: `if ${text}`, effect, policies })
  }
  const ordered = before === 0 ? found : found.toSorted((a, b) => MILDNESS[a.effect] - MILDNESS[b.effect])
  return ordered.slice(0, MOST_CHANGES)
}

function pairs(candidates: readonly PossibleChange[]): readonly PossibleChange[] {
  return candidates.flatMap((first, index) =>
    candidates.slice(index + 1).map((second) => ({
      text: `${first.text} and ${second.text}`,
      apply: (request: DecisionRequest) => second.apply(first.apply(request)),
    })),
  )
}
