import type { Operation } from '../core/operation.ts'
import { callContext, operationContext } from './context.ts'
import { actionUid, chainEntities, RequestEntities, resourceEntity } from './entities.ts'
import type { Entity, Evaluation } from './evaluation.ts'
import type { DecisionRequest } from './policy-set.ts'

/** One operation for one task of the chain, or for its human: what policies are evaluated against. */
export interface RequestEvaluation {
  readonly operation: Operation
  /** Index into the request's operations. */
  readonly position: number
  /** 0 = the acting task, 1 = the one that it was delegated from; the human comes last. */
  readonly step: number
  /** It is the human whose task it is. */
  readonly ceiling: boolean
  readonly evaluation: Evaluation
  readonly resource: Entity
}

/** All evaluations of a request, one by one, for tools; `decide` makes the same without keeping them. */
export function evaluationsOf(request: DecisionRequest): readonly RequestEvaluation[] {
  const { operations, facts, chain } = request
  const fixed = chainEntities(chain, request.human)
  const shared = callContext(facts, operations)
  const principals = fixed.slice(0, chain.ancestors.length + 2)
  return operations.flatMap((operation, position) => {
    const resource = resourceEntity(operation.resource, operation.labels)
    const context = operationContext(shared, operation, facts.outside[position] ?? [])
    const entities = new RequestEntities(fixed, resource)
    return principals.map(({ uid }, step) => ({
      operation,
      position,
      step,
      ceiling: step > chain.ancestors.length,
      resource,
      evaluation: {
        principal: uid,
        action: actionUid(operation.action),
        resource: resource.uid,
        context,
        entities,
        absorbedUnknown: false,
      },
    }))
  })
}
