import { compilePolicy } from '../../src/policy/compile-policy.ts'
import type { Est } from '../../src/policy/est.ts'
import type { EntitySource } from '../../src/policy/evaluation.ts'
import { PolicyIndex } from '../../src/policy/index-policies.ts'
import { EMPTY_RECORD, type CedarRecord, type EntityUid } from '../../src/policy/values.ts'
import { weighPolicies } from '../../src/policy/weigh-policies.ts'

export interface CedarRequest {
  readonly principal: EntityUid
  readonly action: EntityUid
  readonly resource: EntityUid
  readonly context: CedarRecord
}

export interface CedarAnswer {
  readonly decision: 'allow' | 'deny'
  readonly reason: readonly string[]
  readonly errors: readonly string[]
}

/** Plain Cedar over the compiled engine: Remit's evaluation and index under Cedar's two-valued rule. */
export class CedarAuthorizer {
  readonly #index: PolicyIndex
  readonly #entities: EntitySource

  constructor(policies: ReadonlyMap<string, Est>, entities: EntitySource) {
    const compiled = [...policies].map(([id, est]) => compilePolicy(est, { id, source: 'pack' }))
    this.#index = new PolicyIndex(compiled, entities)
    this.#entities = entities
  }

  authorize(request: CedarRequest): CedarAnswer {
    const entities = this.#entities
    const resource = entities.find(request.resource) ?? {
      uid: request.resource,
      attributes: EMPTY_RECORD,
      ancestors: [],
    }
    const evaluation = { ...request, entities, absorbedUnknown: false }
    const { permits, forbids, errors } = weighPolicies(this.#index, evaluation, resource)
    const deciding = forbids.length > 0 ? forbids : permits
    return {
      decision: forbids.length === 0 && permits.length > 0 ? 'allow' : 'deny',
      reason: unique(deciding.map(({ info }) => info.id)),
      errors: unique(errors.map(({ policy }) => policy.info.id)),
    }
  }
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort()
}
