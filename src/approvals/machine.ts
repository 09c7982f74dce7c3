import type { Approval, ApprovalState, DecidingChannel, GrantOffer, Outline, Vote } from '../core/approval.ts'
import type { Assertion } from '../core/assertion.ts'
import type { Gate } from '../core/decision.ts'
import { RemitError } from '../core/errors.ts'
import type { SealedWorld } from '../core/world.ts'
import type { Widening } from '../core/widening.ts'
import type { ApprovalId, DecisionId, Digest, HumanId, ServerKey, TaskId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'

/**
 * The life of an approval: pending ▸ granted | refused | expired | cancelled; granted ▸ used | expired |
 * cancelled. Everything else is closed for good. Pure: the store's compare-and-set makes a transition happen once.
 */
const TRANSITIONS: Readonly<Record<ApprovalState, readonly ApprovalState[]>> = {
  pending: ['granted', 'refused', 'expired', 'cancelled'],
  granted: ['used', 'expired', 'cancelled'],
  refused: [],
  expired: [],
  cancelled: [],
  used: [],
}

export interface ApprovalRequest {
  readonly id: ApprovalId
  readonly task: Task
  readonly call: { readonly server: ServerKey; readonly tool: string; readonly digest: Digest }
  /** Root of the tree that the task is in; absent = a person asks. */
  readonly root?: TaskId
  readonly work?: readonly string[]
  readonly decision: DecisionId
  readonly policyHash?: string
  readonly gates: readonly Gate[]
  readonly prompt: string
  readonly world?: SealedWorld
  readonly again?: string
  readonly outline?: Outline
  readonly offer?: GrantOffer
  /** Milliseconds since the epoch, as `expires`, which ends the request and a grant alike. */
  readonly now: number
  readonly expires: number
}

/** A new request. @throws RemitError `internal` without gates: that would be consent which nobody has to give. */
export function requestApproval(request: ApprovalRequest): Approval {
  const { task, call } = request
  if (request.gates.length === 0 || request.gates.some((gate) => !(gate.quorum >= 1))) {
    throw new RemitError('internal', 'an approval was requested that needs nobody to agree')
  }
  return {
    tenant: task.tenant,
    id: request.id,
    task: task.id,
    ...(request.root === undefined ? {} : { root: request.root }),
    human: task.human,
    server: call.server,
    tool: call.tool,
    call: call.digest,
    ...(request.work === undefined ? {} : { work: request.work }),
    decision: request.decision,
    ...(request.policyHash === undefined ? {} : { policyHash: request.policyHash }),
    gates: request.gates,
    prompt: request.prompt,
    ...(request.world === undefined ? {} : { world: request.world }),
    ...(request.again === undefined ? {} : { again: request.again }),
    ...(request.outline === undefined ? {} : { outline: request.outline }),
    state: 'pending',
    votes: [],
    ...(request.offer === undefined ? {} : { offer: request.offer }),
    created: request.now,
    expires: request.expires,
  }
}

/**
 * A human agrees for the gates named, once each; whether they may is `closableGates`. Granted when every gate
 * has its quorum of different humans.
 * @throws RemitError `approval_closed` when it no longer waits, or this human has voted for all of these gates;
 *   `grant_not_offered` for a vote that should last where the request can be agreed to once only.
 */
export function vote(
  approval: Approval,
  cast: {
    readonly gates: readonly string[]
    readonly human: HumanId
    /** For whom they agree; absent = themselves. */
    readonly for?: HumanId
    readonly at: number
    readonly comment?: string
    /** For the rest of the task, where the request offers that. */
    readonly grant?: 'task'
    /** Along which axis that may go further, where the request offers that. */
    readonly widen?: Widening
    readonly assertion?: Assertion
    /** Scopes that they may close only since others may as well. */
    readonly escalated?: readonly string[]
    readonly channel?: DecidingChannel
  },
): Approval {
  const { human, at, comment, grant, widen, assertion, escalated = [], channel, for: other } = cast
  const open = requireState(expireIfDue(approval, at), 'granted')
  requireOffered(open, cast)
  const fresh = [...new Set(cast.gates)].filter(
    (scope) => approval.gates.some((gate) => gate.scope === scope) && !hasTaken(approval, scope, cast),
  )
  if (fresh.length === 0) {
    throw new RemitError(
      'approval_closed',
      `\`${human}\` has no vote left to give on approval \`${approval.id}\``,
    )
  }
  const votes: readonly Vote[] = [
    ...open.votes,
    ...fresh.map((gate) => ({
      gate,
      human,
      ...(other === undefined ? {} : { for: other }),
      at,
      ...(comment === undefined ? {} : { comment }),
      ...(grant === undefined ? {} : { grant }),
      ...(widen === undefined ? {} : { widen }),
      ...(assertion === undefined ? {} : { assertion }),
      ...(escalated.includes(gate) ? { escalated: true as const } : {}),
      ...(channel === undefined ? {} : { channel }),
    })),
  ]
  const granted = open.gates.every((gate) => hasQuorum(gate, votes))
  return { ...open, votes, state: granted ? 'granted' : 'pending' }
}

/** @throws RemitError `grant_not_offered` for a vote that goes further than the request does. */
function requireOffered(
  { id, offer }: Approval,
  { grant, widen }: { readonly grant?: 'task'; readonly widen?: Widening },
): void {
  if (grant !== undefined && offer === undefined) {
    throw new RemitError(
      'grant_not_offered',
      `approval \`${id}\` can be agreed to once only; rules say with \`@grant\` what may last, and only work that Remit understands whole does`,
    )
  }
  if (widen === undefined) return
  const axes = offer?.wider?.flatMap(({ wider }) => wider?.axis ?? []) ?? []
  if (grant === undefined || !axes.includes(widen)) {
    throw new RemitError(
      'grant_not_offered',
      `approval \`${id}\` cannot be widened along \`${widen}\`; it offers ${axes.map((axis) => `\`${axis}\``).join(', ') || 'none'}, for the rest of the task only`,
    )
  }
}

/**
 * Whether a vote for this gate has one of these people in it, as who agreed or for whom: nobody counts twice in a quorum,
 * whoever speaks for them.
 */
export function hasTaken(
  { votes }: Pick<Approval, 'votes'>,
  scope: string,
  cast: { readonly human: HumanId; readonly for?: HumanId },
): boolean {
  const people = new Set([cast.human, cast.for ?? cast.human])
  return votes.some(
    (vote) => vote.gate === scope && (people.has(vote.human) || people.has(vote.for ?? vote.human)),
  )
}

/** One refusal ends the request. @throws RemitError `approval_closed`. */
export function refuse(approval: Approval, by: NonNullable<Approval['refusal']>): Approval {
  const open = requireState(expireIfDue(approval, by.at), 'refused')
  return { ...open, state: 'refused', refusal: by }
}

/** Time runs out to refusal, never to approval; a grant that was not used runs out too. */
export function expireIfDue(approval: Approval, now: number): Approval {
  const due = now >= approval.expires && TRANSITIONS[approval.state].includes('expired')
  return due ? { ...approval, state: 'expired' } : approval
}

/** Withdrawn before it was used: the task ended, or the call would be decided otherwise now. @param why in words. */
export function cancel(approval: Approval, why?: string): Approval {
  const cancelled = { ...requireState(approval, 'cancelled'), state: 'cancelled' } as const
  return why === undefined ? cancelled : { ...cancelled, withdrawn: why }
}

/** Takes the grant for the one run that it is good for. @throws RemitError `approval_closed`. */
export function use(approval: Approval, now: number): Approval {
  return { ...requireState(expireIfDue(approval, now), 'used'), state: 'used' }
}

export function isGranted(approval: Approval, now: number): boolean {
  return approval.state === 'granted' && now < approval.expires
}

/** Gates that still wait, each with the number of humans who have agreed. */
export function openGates(approval: Approval): readonly { readonly gate: Gate; readonly votes: number }[] {
  return approval.gates
    .map((gate) => ({ gate, votes: votersOf(gate, approval.votes).size }))
    .filter(({ gate, votes }) => votes < gate.quorum)
}

function hasQuorum(gate: Gate, votes: readonly Vote[]): boolean {
  return votersOf(gate, votes).size >= gate.quorum
}

function votersOf(gate: Gate, votes: readonly Vote[]): ReadonlySet<HumanId> {
  return new Set(votes.filter((vote) => vote.gate === gate.scope).map((vote) => vote.human))
}

function requireState(approval: Approval, next: ApprovalState): Approval {
  if (TRANSITIONS[approval.state].includes(next)) return approval
  throw new RemitError(
    'approval_closed',
    `approval \`${approval.id}\` is ${approval.state} and cannot become ${next}`,
  )
}
