import { SUSPECT } from './suspect-labels.ts'
import type { Operation } from '../../core/operation.ts'
import { entityText, type EntityRef } from '../../core/resource.ts'
import type { DecisionRequest, LoadedPolicySet } from '../policy-set.ts'

/** Why a call that ran is no evidence of what a workflow needs. */
export type Unfit = 'not-permitted' | 'high-severity' | 'opaque' | 'suspect'

/** What one permit let through of one action. */
export interface Use {
  readonly permit: string
  readonly action: string
  /** By its text. */
  readonly resources: Map<string, Operation['resource']>
  operations: number
}

/** Gathers what a workflow did that its policies permit now, by permit and action. */
export class ObservedUse {
  readonly uses = new Map<string, Use>()
  readonly unfit: Record<Unfit, number> = { 'not-permitted': 0, 'high-severity': 0, opaque: 0, suspect: 0 }
  calls = 0
  readonly #current: LoadedPolicySet

  constructor(current: LoadedPolicySet) {
    this.#current = current
  }

  /** @param request of a call that ran. */
  add(request: DecisionRequest): void {
    const why = this.#unfit(request)
    if (why !== undefined) {
      this.unfit[why] += 1
      return
    }
    this.calls += 1
    for (const [position, operation] of request.operations.entries()) {
      for (const permit of this.#permitsOf(request, position)) this.#count(permit, operation)
    }
  }

  #unfit(request: DecisionRequest): Unfit | undefined {
    const { operations, facts } = request
    if (operations.some(({ opaque }) => opaque)) return 'opaque'
    const met = [...operations.flatMap(({ labels }) => labels), ...facts.history.labels, ...facts.provenance]
    if (met.some((label) => SUSPECT.has(label))) return 'suspect'
    const alone = this.#current.decide({ ...request, facts: { ...facts, approvals: [] } })
    if (alone.effect === 'deny') return 'not-permitted'
    return alone.gates.some(({ severity }) => severity === 'high') ? 'high-severity' : undefined
  }

  /** Permits of the acting task for one operation, all its gates closed. */
  #permitsOf({ chain, human, operations, facts }: DecisionRequest, position: number): readonly string[] {
    const operation = operations[position]
    if (operation === undefined) return []
    const approvals = this.#current.policies.flatMap(({ consent }) => consent ?? [])
    const outside = [facts.outside[position] ?? []]
    const request = { chain: { task: chain.task, ancestors: [] }, human, operations: [operation] }
    const { effect, policies } = this.#current.decide({ ...request, facts: { ...facts, approvals, outside } })
    return effect === 'allow' ? policies : []
  }

  #count(permit: string, { action, resource }: Operation): void {
    const key = `${permit} ${action}`
    const use: Use = this.uses.get(key) ?? { permit, action, resources: new Map(), operations: 0 }
    this.uses.set(key, use)
    use.operations += 1
    use.resources.set(entityText(resource), resource)
  }
}

/** Types whose things stand for themselves, however many were used. */
const EXACT: ReadonlySet<string> = new Set(['Tool', 'Program', 'Process', 'Secret', 'Recipient', 'Account'])

/**
 * The least entities in which all of these lie: those themselves, or the nearest thing that holds at least `support` of
 * them. A workspace as a whole is never named.
 */
export function generalise(
  resources: readonly Operation['resource'][],
  support: number,
): readonly EntityRef[] {
  const held = new Map<string, { readonly entity: EntityRef; readonly of: Set<string> }>()
  for (const resource of resources) {
    for (const entity of holdersOf(resource)) {
      const text = entityText(entity)
      const known = held.get(text) ?? { entity, of: new Set() }
      held.set(text, known)
      known.of.add(entityText(resource))
    }
  }
  const found = new Map<string, EntityRef>()
  for (const resource of resources) {
    const wide = holdersOf(resource).find((entity) => (held.get(entityText(entity))?.of.size ?? 0) >= support)
    const entity = wide ?? { type: resource.type, id: resource.id }
    found.set(entityText(entity), entity)
  }
  // What lies in another of them need not be named.
  const inner = new Set(
    resources.flatMap((resource) => {
      const named = [{ type: resource.type, id: resource.id }, ...holdersOf(resource)].map(entityText)
      return named.filter((text) => found.has(text)).slice(0, -1)
    }),
  )
  for (const text of inner) found.delete(text)
  return [...found.values()].toSorted((a, b) => (entityText(a) < entityText(b) ? -1 : 1))
}

/** What a thing may be widened to, nearest first. */
function holdersOf({ type, id, ancestors }: Operation['resource']): readonly EntityRef[] {
  if (EXACT.has(type)) return []
  const folders = ancestors.filter(({ type: of }) => of === 'Directory')
  if (type === 'File' || type === 'Directory') {
    return folders
      .filter((folder) => !['', '.', '/'].includes(folder.id) && folder.id !== id)
      .toSorted((a, b) => b.id.length - a.id.length)
  }
  return ancestors.filter((each) => each.type !== 'Server' && each.type !== 'Domain').slice(0, 1)
}
