import type { HumanId } from '../core/ids.ts'
import type { Human, TaskChain } from '../core/identity.ts'
import type { GateDeps } from './gate-deps.ts'
import { gatesAsDeputy } from './covers/deputies.ts'
import { gatesOfHuman, type WaitingRequest } from './gates-of-human.ts'

export type ApproverDeps = Pick<GateDeps, 'clock' | 'humans' | 'guests' | 'covers'>

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
 * How many different people are there who could close this gate: who is away counts as their deputy, where that is
 * somebody who does not count already. Whoever agreed before they left has answered.
 * @param wish.others count those of `@escalate_to` too, as if its time were over.
 */
export function countClosers(
  deps: ApproverDeps,
  request: WaitingRequest,
  { scope, others }: { readonly scope: string; readonly others: boolean },
): number {
  const open = (): boolean => others
  const able = enrolledFor(deps, request)
    .filter((human) => gatesOfHuman(deps, human, request, open).includes(scope))
    .map(({ id }) => id)
  const isAway = (id: HumanId): boolean => deps.covers?.of(id)?.away === true
  const answered = (id: HumanId): boolean =>
    request.approval.votes.some((vote) => vote.gate === scope && (vote.for ?? vote.human) === id)
  const there = new Set(able.filter((id) => !isAway(id) || answered(id)))
  const deputies = able.flatMap((other) => {
    const deputy = there.has(other) ? undefined : deps.covers?.of(other)?.deputy
    if (deputy === undefined || there.has(deputy) || isAway(deputy)) return []
    return gatesAsDeputy(deps, { deputy, other }, request, open).includes(scope) ? [deputy] : []
  })
  return there.size + new Set(deputies).size
}

/** Those who could close this gate and are away. */
export function whoIsAway(deps: ApproverDeps, request: WaitingRequest, scope: string): readonly HumanId[] {
  return enrolledFor(deps, request)
    .filter((human) => deps.covers?.of(human.id)?.away === true)
    .filter((human) => gatesOfHuman(deps, human, request, () => true).includes(scope))
    .map(({ id }) => id)
}
