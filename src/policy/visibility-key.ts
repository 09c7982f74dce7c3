import type { Json } from '../core/json.ts'
import { hourOf, weekdayOf } from './context.ts'
import type { Est } from './est.ts'
import type { VisibilityRequest } from './policy-set.ts'

/** Words of the context that differ from one list to the next although nothing was changed. */
const PASSING = ['now', 'hour', 'weekday', 'history'] as const
type Passing = (typeof PASSING)[number]

/** Which of them conditions of these policies may read: all, where one looks at the context as a whole. */
export function passingReads(policies: readonly Est[]): ReadonlySet<Passing> {
  const found = new Set<Passing>()
  for (const { conditions } of policies) if (conditions !== undefined) collect(conditions, found)
  return found
}

function collect(est: Json, found: Set<Passing>): void {
  if (typeof est !== 'object' || est === null) return
  if (Array.isArray(est)) {
    for (const each of est as readonly Json[]) collect(each, found)
    return
  }
  for (const [operator, operand] of Object.entries(est as { readonly [name: string]: Json })) {
    if (operator === 'Var' && operand === 'context') {
      for (const word of PASSING) found.add(word)
      continue
    }
    const word = wordOfContext(operator, operand)
    if (word === undefined) collect(operand, found)
    else if (isPassing(word)) found.add(word)
  }
}

/** `context.now`, `context has now`; undefined = neither. */
function wordOfContext(operator: string, operand: Json): string | undefined {
  if (operator !== '.' && operator !== 'has') return undefined
  const { left, attr } = operand as { readonly left?: Json; readonly attr?: Json }
  const isContext = (left as { readonly Var?: Json } | undefined)?.Var === 'context'
  return isContext && typeof attr === 'string' ? attr : undefined
}

function isPassing(word: string): word is Passing {
  return PASSING.some((each) => each === word)
}

/** All of the facts of a list that policies can tell apart, as text. */
export function visibilityKey(facts: VisibilityRequest['facts'], reads: ReadonlySet<Passing>): string {
  const { now, history, ...standing } = facts
  return JSON.stringify([
    Object.entries(standing).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    reads.has('now') ? now : null,
    reads.has('hour') ? hourOf(now) : null,
    reads.has('weekday') ? weekdayOf(now) : null,
    reads.has('history') ? history : null,
  ])
}
