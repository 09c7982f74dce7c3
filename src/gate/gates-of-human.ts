import { closableGates, type MayApprove } from '../approvals/who-may.ts'
import type { Approval } from '../core/approval.ts'
import type { Gate } from '../core/decision.ts'
import { effectiveEnvironment, type Human, type TaskChain } from '../core/identity.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import type { GateDeps } from './gate-deps.ts'

/** A request, and what it is judged by. */
export interface WaitingRequest {
  readonly approval: Approval
  /** Of the task that asked. */
  readonly chain: TaskChain | undefined
  readonly policies: PolicySet
}

/**
 * The gates of a request, by scope, that this human may close as roles, rules and the enrolled stand now.
 * @param isOpenToOthers whether those of `@escalate_to` may close this gate as well; left out = not yet.
 */
export function gatesOfHuman(
  deps: Pick<GateDeps, 'clock' | 'humans'>,
  human: Human,
  request: WaitingRequest,
  isOpenToOthers: (gate: Gate) => boolean = () => false,
): readonly string[] {
  const { approval, chain, policies } = request
  const facts = { now: deps.clock.now(), alone: isAlone(deps, approval, chain) }
  const mayApprove: MayApprove = (asked, waiting) => policies.mayApprove(asked, waiting, facts)
  return closableGates(approval, human, mayApprove, isOpenToOthers)
}

/** One person at their own machine: nobody else is enrolled who could look, and nothing reaches further than a laptop. */
function isAlone(
  { humans }: Pick<GateDeps, 'humans'>,
  approval: Approval,
  chain: TaskChain | undefined,
): boolean {
  if (chain === undefined) return false
  const { tenant, human } = approval
  const enrolled = humans.enrolled?.(tenant) ?? humans.list(tenant).map(({ id }) => id)
  return (
    enrolled.every((id) => id === human) &&
    [chain.task, ...chain.ancestors].every((task) => effectiveEnvironment(task) === 'laptop')
  )
}
