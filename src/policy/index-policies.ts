import { EMPTY_RECORD, type EntityUid, type UnknownValue } from './values.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import type { Entity, EntitySource } from './evaluation.ts'

/** Policies of one action, apart by what their resource scope asks for. */
interface ActionPolicies {
  readonly anywhere: readonly CompiledPolicy[]
  readonly byType: ReadonlyMap<string, readonly CompiledPolicy[]>
  readonly byResource: ReadonlyMap<string, ReadonlyMap<string, readonly CompiledPolicy[]>>
  readonly all: readonly CompiledPolicy[]
}

/**
 * Finds the policies whose action and resource scopes can hold, without looking at the others. Exact, because
 * a scope is never an error: a policy left out would have been neither satisfied nor in error.
 */
export class PolicyIndex {
  readonly #policies: readonly CompiledPolicy[]
  readonly #actions: EntitySource
  readonly #byAction = new Map<string, ActionPolicies>()
  #ofHumans: PolicyIndex | undefined

  /** @param actions the action hierarchy, which is the same for every request. */
  constructor(policies: readonly CompiledPolicy[], actions: EntitySource) {
    this.#policies = policies
    this.#actions = actions
  }

  /** Those of the policies that can hold for a human: few, since most are about tasks. */
  get ofHumans(): PolicyIndex {
    this.#ofHumans ??= new PolicyIndex(this.#policies.filter(mayHoldForHuman), this.#actions)
    return this.#ofHumans
  }

  /** Calls `visit` with every policy whose action scope holds and whose resource scope may. */
  visit(action: EntityUid, resource: Entity, visit: (policy: CompiledPolicy) => void): void {
    const policies = this.#forAction(action)
    for (const policy of policies.anywhere) visit(policy)
    const ofType = policies.byType.get(resource.uid.type)
    if (ofType !== undefined) for (const policy of ofType) visit(policy)
    if (policies.byResource.size === 0) return
    visitResource(policies, resource.uid, visit)
    for (const ancestor of resource.ancestors) visitResource(policies, ancestor, visit)
  }

  /** Every policy whose action scope holds. */
  ofAction(action: EntityUid): readonly CompiledPolicy[] {
    return this.#forAction(action).all
  }

  #forAction(action: EntityUid): ActionPolicies {
    const found = this.#byAction.get(action.id)
    if (found !== undefined) return found
    const made = arrange(this.#policies.filter((policy) => this.#applies(policy, action)))
    this.#byAction.set(action.id, made)
    return made
  }

  #applies(policy: CompiledPolicy, action: EntityUid): boolean | UnknownValue {
    return policy.action.test({
      principal: action,
      action,
      resource: action,
      context: EMPTY_RECORD,
      entities: this.#actions,
      absorbedUnknown: false,
    })
  }
}

const HUMAN_TYPES: ReadonlySet<string> = new Set(['Human', 'Team', 'Role'])

/** Its principal scope leaves room for a human. */
export function mayHoldForHuman({ principal: { type, within } }: Pick<CompiledPolicy, 'principal'>): boolean {
  if (type !== undefined && type !== 'Human') return false
  return within === undefined || HUMAN_TYPES.has(within.type)
}

/** Its principal scope leaves room for a task. */
export function mayHoldForTask({ principal: { type, within } }: Pick<CompiledPolicy, 'principal'>): boolean {
  return type !== 'Human' && (within === undefined || !HUMAN_TYPES.has(within.type))
}

function arrange(policies: readonly CompiledPolicy[]): ActionPolicies {
  const anywhere: CompiledPolicy[] = []
  const byType = new Map<string, CompiledPolicy[]>()
  const byResource = new Map<string, Map<string, CompiledPolicy[]>>()
  for (const policy of policies) {
    const { within, type } = policy.resource
    if (within !== undefined) {
      const ofType = byResource.get(within.type) ?? new Map<string, CompiledPolicy[]>()
      byResource.set(within.type, ofType)
      ofType.set(within.id, [...(ofType.get(within.id) ?? []), policy])
    } else if (type !== undefined) byType.set(type, [...(byType.get(type) ?? []), policy])
    else anywhere.push(policy)
  }
  return { anywhere, byType, byResource, all: policies }
}

function visitResource(
  policies: ActionPolicies,
  uid: EntityUid,
  visit: (policy: CompiledPolicy) => void,
): void {
  const found = policies.byResource.get(uid.type)?.get(uid.id)
  if (found !== undefined) for (const policy of found) visit(policy)
}
