import type { Action } from '../core/actions.ts'
import type { Facts } from '../core/facts.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import { listContext } from './context.ts'
import { actionUid, chainEntities, RequestEntities, resourceEntity } from './entities.ts'
import type { Entity, Evaluation } from './evaluation.ts'
import type { PolicyIndex } from './index-policies.ts'
import type { Visibility, VisibilityRequest } from './policy-set.ts'
import { UNKNOWN } from './values.ts'

/**
 * Whether a list should show a tool: policy evaluated with everything unknown that only a call would show
 * (arguments, and so resources, labels, what is outside the scope, approvals). `never` is certain: no permit
 * can hold, or a hard forbid holds whatever the arguments are. Doubt is `maybe`. Never throws: a tool that
 * cannot be judged is not shown.
 */
export function visible(index: PolicyIndex, request: VisibilityRequest): Visibility {
  try {
    return visibilityOf(index, request)
  } catch {
    return 'never'
  }
}

function visibilityOf(index: PolicyIndex, request: VisibilityRequest): Visibility {
  const facts = { ...request.facts, server: request.server, tool: request.tool }
  const call = outlook(index, request, { action: 'tool.call', resource: toolEntity(request), facts })
  if (call === 'never') return 'never'
  const others = request.actions
    .filter((action) => action !== 'tool.call')
    .map((action) => outlook(index, request, { action, facts }))
  if (others.length > 0 && others.every((other) => other === 'never')) return 'never'
  return [call, ...others].every((each) => each === 'always') ? 'always' : 'maybe'
}

interface Prospect {
  readonly action: Action
  /** Absent = any resource at all. */
  readonly resource?: Entity
  readonly facts: Omit<Facts, 'outside' | 'approvals'>
}

function toolEntity(request: VisibilityRequest): Entity {
  return resourceEntity(
    {
      type: 'Tool',
      id: `${request.server}/${request.tool}`,
      ancestors: [{ type: 'Server', id: request.server }],
    },
    undefined,
  )
}

/** One action, for every task of the chain: what one of them can never do, the call can never do. */
function outlook(index: PolicyIndex, request: VisibilityRequest, prospect: Prospect): Visibility {
  const fixed = chainEntities(request.chain, request.human)
  const entities = new RequestEntities(fixed, prospect.resource)
  const action = actionUid(prospect.action)
  const context = listContext(prospect.facts)
  const policies = index.ofAction(action)
  let answer: Visibility = 'always'
  for (const { uid: principal } of fixed.slice(0, request.chain.ancestors.length + 1)) {
    const resource = prospect.resource?.uid ?? UNKNOWN
    const evaluation = { principal, action, resource, context, entities, absorbedUnknown: false }
    const one = outlookOf(policies, evaluation)
    if (one === 'never') return 'never'
    if (one === 'maybe') answer = 'maybe'
  }
  return answer
}

function outlookOf(policies: readonly CompiledPolicy[], evaluation: Evaluation): Visibility {
  let permit: Chance = 'no'
  let refusal: Chance = 'no'
  for (const policy of policies) {
    const chance = chanceOf(policy, evaluation)
    if (chance === 'no') continue
    if (policy.forbids) {
      const hard = policy.gate === undefined
      if (chance === 'yes' && hard) return 'never'
      // A gate is passable, but one that may be an error is a possible refusal.
      if (hard || chance === 'perhaps') refusal = 'perhaps'
    } else if (permit !== 'yes') permit = chance
  }
  if (permit === 'no') return 'never'
  return permit === 'yes' && refusal === 'no' ? 'always' : 'maybe'
}

type Chance = 'no' | 'perhaps' | 'yes'

/** Whether a policy is satisfied. An error is `perhaps` in a forbid, which then denies, and `no` in a permit. */
function chanceOf(policy: CompiledPolicy, evaluation: Evaluation): Chance {
  evaluation.absorbedUnknown = false
  const principal = policy.principal.test(evaluation)
  const resource = policy.resource.test(evaluation)
  if (principal === false || resource === false) return 'no'
  try {
    const condition = policy.condition(evaluation)
    if (condition === false) return policy.forbids && evaluation.absorbedUnknown ? 'perhaps' : 'no'
    return condition === true && principal === true && resource === true ? 'yes' : 'perhaps'
  } catch {
    return policy.forbids ? 'perhaps' : 'no'
  }
}
