import type { HumanId } from '../core/ids.ts'
import type { Human, TaskChain } from '../core/identity.ts'
import type { GateDeps } from './gate-deps.ts'
import { gatesOfHuman, type WaitingRequest } from './gates-of-human.ts'

export type ApproverDeps = Pick<GateDeps, 'clock' | 'humans' | 'guests'>

/** Who is known here at this moment, and may decide about this task. */
export function findApprover(deps: ApproverDeps, { task }: TaskChain, id: HumanId): Human | undefined {
  return deps.humans.find(task.tenant, id) ?? deps.guests?.(task).find((guest) => guest.id === id)
}

/** Everybody who is known here and might be asked about this request. */
function enrolledFor(deps: ApproverDeps, { approval, chain }: WaitingRequest): readonly Human[] {
  const guests = chain === undefined ? [] : (deps.guests?.(chain.task) ?? [])
  return [...deps.humans.list(approval.tenant), ...guests]
}

/**
 * How many different people are there who could close this gate.
 * @param wish.others count those of `@escalate_to` too, as if its time were over.
 */
export function countClosers(
  deps: ApproverDeps,
  request: WaitingRequest,
  { scope, others }: { readonly scope: string; readonly others: boolean },
): number {
  return enrolledFor(deps, request).filter((human) =>
    gatesOfHuman(deps, human, request, () => others).includes(scope),
  ).length
}
