import type { Approval } from '../core/approval.ts'
import type { Grant } from '../core/grant.ts'
import type { HumanId, TaskId } from '../core/ids.ts'
import type { Halt } from '../core/standing.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { waysToVote } from './ways-to-vote.ts'

/**
 * Of other people’s things an actor sees in what they do: nothing; that they are, without what they carry; or all of it.
 * What is out of reach is answered like what never was.
 */
export type Reach = 'own' | 'bare' | 'all'

interface OfTask {
  readonly task: TaskId
  readonly human: HumanId
}

/** Whether something of a task is theirs, or everybody's is in their reach. */
export function reachesTask(actor: Actor, { task, human }: OfTask): boolean {
  if (actor.onlyTask !== undefined) return actor.onlyTask === task
  return reachesOthers(actor) || human === actor.human.id
}

/** Whose they are limited to; undefined = everybody's. */
export function limitedTo(actor: Actor): HumanId | undefined {
  return reachesOthers(actor) ? undefined : actor.human.id
}

/** A request also if they may decide it as roles and rules stand now, whether or not it is still open. */
export function reachesApproval(
  deps: Pick<AdministrationDeps, 'clock' | 'humans' | 'policies' | 'covers'>,
  actor: Actor,
  approval: Approval,
): boolean {
  if (reachesTask(actor, approval)) return true
  if (actor.onlyTask !== undefined) return false
  // Who is alone decides about their own tasks only, so the chain has no say about somebody else's.
  const request = { approval, chain: undefined, policies: deps.policies.current() }
  return waysToVote(deps, actor.human, request).length > 0
}

export function reachesGrant(actor: Actor, grant: Grant): boolean {
  return reachesTask(actor, grant) || (actor.onlyTask === undefined && grant.by.includes(actor.human.id))
}

/** A stop that could be what holds them up; that somebody else was stopped is not for everybody. */
export function reachesHalt(actor: Actor, { target, id }: Halt): boolean {
  return reachesOthers(actor) || target !== 'human' || id === actor.human.id
}

/** Records that may be theirs are looked for among so many, where more would hold up everybody. */
export const LOOKED_AT = 1_000

function reachesOthers({ reach = 'own' }: Actor): boolean {
  return reach !== 'own'
}
