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

  /** @param actions the action hierarchy, which is the same for every request. */
  constructor(policies: readonly CompiledPolicy[], actions: EntitySource) {
    this.#policies = policies
    this.#actions = actions
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
