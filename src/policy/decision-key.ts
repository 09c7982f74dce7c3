import type { Json } from '../core/json.ts'
import { FACT_COUNTS, type Facts } from '../core/facts.ts'
import type { Task, TaskChain } from '../core/identity.ts'
import { hourOf, weekdayOf } from './context.ts'
import type { Est } from './est.ts'
import type { DecisionRequest } from './policy-set.ts'

/** What of a request policies look at, where it differs from one call to the next. */
interface Reads {
  /** Names of attributes, of whatever. */
  readonly attributes: ReadonlySet<string>
  /** A record of facts is looked at as a whole. */
  readonly whole: boolean
  /** Some task is named by its id. */
  readonly tasks: boolean
}

/**
 * Text of all that these policies can tell requests apart by: requests with equal texts are decided alike, so that each is
 * decided once. The clock, the counts of a session and the names of tasks are left out where no policy looks at them.
 */
export function decisionKeys(policies: readonly Est[]): (request: DecisionRequest) => string {
  const reads = readsOf(policies)
  const chains = new WeakMap<Task, string>()
  return (request) => {
    const { chain, human, operations, facts } = request
    let key = `${chainKey(chain, reads, chains)}\n${JSON.stringify([human.id, human.teams, human.roles])}`
    for (const { action, resource, labels, opaque } of operations) {
      key += `\n${action} ${String(opaque)} ${JSON.stringify([resource, labels])}`
    }
    return `${key}\n${factsKey(facts, reads)}`
  }
}

function chainKey({ task, ancestors }: TaskChain, reads: Reads, known: WeakMap<Task, string>): string {
  // Where a task ran is that of this call; everything above it stays.
  const leaf = `${task.environment} ${String(task.environmentProved)} ${taskKey(task, reads)}`
  return ancestors.reduce((text, each) => {
    const above =
      known.get(each) ?? `${each.environment} ${String(each.environmentProved)} ${taskKey(each, reads)}`
    known.set(each, above)
    return `${text}\n${above}`
  }, leaf)
}

function taskKey(task: Task, { attributes, tasks }: Reads): string {
  const { id, agent, workflow, origin, intent, human } = task
  return JSON.stringify([
    agent.id,
    agent.kind,
    workflow,
    origin,
    human,
    attributes.has('intent') ? intent : null,
    tasks ? id : null,
  ])
}

function factsKey(facts: Facts, { attributes, whole }: Reads): string {
  const { now, history, exhausted: _, ...standing } = facts
  const reads = (name: string): boolean => whole || attributes.has(name)
  const past = reads('history')
    ? [
        FACT_COUNTS.map((name) => (reads(name) ? history[name] : null)),
        reads('labels') ? history.labels : null,
      ]
    : null
  return JSON.stringify([
    standing,
    reads('now') ? now : null,
    reads('hour') ? hourOf(now) : null,
    reads('weekday') ? weekdayOf(now) : null,
    past,
  ])
}

function readsOf(policies: readonly Est[]): Reads {
  const found = { attributes: new Set<string>(), whole: false, tasks: false }
  for (const policy of policies) collect(policy, false, found)
  return found
}

type Found = { readonly attributes: Set<string>; whole: boolean; tasks: boolean }

/** @param entered an attribute of this very expression is asked for. */
function collect(est: Json, entered: boolean, found: Found): void {
  if (typeof est !== 'object' || est === null) return
  if (Array.isArray(est)) {
    for (const each of est as readonly Json[]) collect(each, false, found)
    return
  }
  const node = est as { readonly [name: string]: Json }
  if (node['type'] === 'Task' && typeof node['id'] === 'string') found.tasks = true
  for (const [operator, operand] of Object.entries(node)) {
    if (operator === 'Var') found.whole ||= operand === 'context' && !entered
    else if (operator === '.' || operator === 'has') collectAccess(operand, { operator, entered }, found)
    else collect(operand, false, found)
  }
}

function collectAccess(
  operand: Json,
  of: { readonly operator: string; readonly entered: boolean },
  found: Found,
): void {
  const { left, attr } = operand as { readonly left?: Json; readonly attr?: Json }
  if (typeof attr !== 'string' || left === undefined) {
    found.whole = true
    collect(operand, false, found)
    return
  }
  found.attributes.add(attr)
  if (attr === 'history' && of.operator === '.' && !of.entered) found.whole = true
  collect(left, true, found)
}
