import type { Action } from '../core/actions.ts'
import { LABELS, type Label } from '../core/labels.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import type { CallCase, CaseOperation } from './case-schema.ts'
import type { ParsedPolicies } from './parse-policies.ts'
import { quote } from './print-expression.ts'

/** A request made up to compare policies: ordinary but for one thing. */
export interface GeneratedRequest {
  readonly text: string
  readonly request: Omit<CallCase, 'name' | 'expect'>
}

type Variation = Omit<CallCase, 'name' | 'expect' | 'operations'> & {
  readonly operation?: Partial<CaseOperation>
}

/**
 * For every action on every type of resource that the schema lets it have: the ordinary request, and one for
 * each label, each fact and each entity that the policies name.
 */
export function generateRequests(sets: readonly ParsedPolicies[]): readonly GeneratedRequest[] {
  const variations = [...FACTS, ...labelVariations(), ...namedVariations(sets)]
  const types = sets[0]?.schema.resourceTypes ?? {}
  return Object.entries(types).flatMap(([action, resources]) =>
    action === 'approve'
      ? []
      : resources.flatMap((type) => variations.map((each) => generated(action as Action, type, each))),
  )
}

function generated(
  action: Action,
  type: string,
  [words, { operation, ...rest }]: readonly [string, Variation],
): GeneratedRequest {
  const base = { action, resource: `${type}::"any"` }
  return {
    text: `${action} ${type}${words === '' ? '' : `, ${words}`}`,
    request: { ...rest, operations: [{ ...base, ...operation }] },
  }
}

const FACTS: readonly (readonly [string, Variation])[] = [
  ['', {}],
  ['in a sandbox', { task: { environment: 'sandbox' }, facts: { environment: 'sandbox', sandboxed: true } }],
  ['in CI', { task: { environment: 'ci' }, facts: { environment: 'ci' } }],
  ['in staging', { task: { environment: 'staging' }, facts: { environment: 'staging' } }],
  ['in production', { task: { environment: 'production' }, facts: { environment: 'production' } }],
  ['not fully understood', { operation: { opaque: true } }],
  ['outside the scope', { operation: { outside: ['paths'] } }],
  ['tool not on record', { facts: { pinned: false } }],
  ['tool inferred', { facts: { inferred: true } }],
  ['protection enforced', { facts: { protection: 'enforced' } }],
  ['bearer', { facts: { holderBound: false } }],
  ['by a hook', { facts: { door: 'hook', hooked: true } }],
  ['at night', { facts: { now: '2026-01-07T03:00:00Z' } }],
  ['on a Sunday', { facts: { now: '2026-01-11T10:00:00Z' } }],
  ['after 1000 calls', { facts: { history: { calls: 1000, writes: 1000, errors: 100, denials: 100 } } }],
  ['from untrusted content', { facts: { provenance: ['untrusted'], history: { labels: ['untrusted'] } } }],
  ['after a secret', { facts: { history: { labels: ['secret'] } } }],
]

function labelVariations(): readonly (readonly [string, Variation])[] {
  return (Object.keys(LABELS) as Label[]).map((label) => [label, { operation: { labels: [label] } }])
}

function namedVariations(sets: readonly ParsedPolicies[]): readonly (readonly [string, Variation])[] {
  const named = new Map<string, readonly [string, Variation]>()
  for (const { policies } of sets) for (const { est } of policies) collect(est, named)
  return [...named.values()]
}

function collect(est: Json, named: Map<string, readonly [string, Variation]>): void {
  if (Array.isArray(est)) for (const item of est as readonly Json[]) collect(item, named)
  if (!isJsonObject(est)) return
  const { type, id } = est
  if (typeof type === 'string' && typeof id === 'string') {
    const entity = `${type}::${quote(id)}`
    const variation = variationOf(type, id, entity)
    if (variation !== undefined) named.set(entity, [`in ${entity}`, variation])
    return
  }
  for (const value of Object.values(est)) collect(value, named)
}

function variationOf(type: string, id: string, entity: string): Variation | undefined {
  switch (type) {
    case 'Action':
    case 'Task':
      return undefined
    case 'Team':
      return { task: { human: { id: 'ada', teams: [id] } } }
    case 'Role':
      return { task: { human: { id: 'ada', roles: [id] } } }
    case 'Human':
      return { task: { human: { id } } }
    case 'Workflow':
      return { task: { workflow: id } }
    case 'AgentKind':
      return { task: { agent: id } }
    default:
      return { operation: { in: [entity] } }
  }
}
