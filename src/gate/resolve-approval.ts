import { isGlass } from '../approvals/break-glass.ts'
import { gateGroup } from '../core/escalation.ts'
import { expireIfDue, hasTaken, refuse, vote } from '../approvals/machine.ts'
import type { Approval, Vote } from '../core/approval.ts'
import { RemitError } from '../core/errors.ts'
import { gravest } from '../core/gravest.ts'
import type { TaskChain } from '../core/identity.ts'
import type { ApprovalId } from '../core/ids.ts'
import type { RecordKind } from '../core/record.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { Actor, Administration } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { approvalRecord } from './approval-records.ts'
import { confirmVote } from './confirm-vote.ts'
import { breaksAlone } from './find-glass.ts'
import { giveGrant, type GivenGrant } from './give-grant.ts'
import { reachesApproval } from './reach.ts'
import { type WayToVote, waysToVote } from './ways-to-vote.ts'

/** As often as others may be first. */
const ATTEMPTS = 32

/** @throws RemitError `approval_unknown`; one that this actor may not see is as unknown as one that never was. */
export async function loadApproval(
  deps: AdministrationDeps,
  actor: Actor,
  id: ApprovalId,
): Promise<Approval> {
  const approval = await deps.approvals.get(deps.settings.tenant, id)
  if (approval === undefined || !reachesApproval(deps, actor, approval)) {
    throw new RemitError(
      'approval_unknown',
      `no approval \`${id}\` that is yours or for you to decide; see \`remit approvals list\``,
    )
  }
  return expireIfDue(approval, deps.clock.now())
}

/**
 * Votes for the open gates that policy lets this human close. Where others vote at the same instant, the vote is added
 * to theirs: nobody has to cast it, or sign it, again.
 */
export async function approveCall(
  deps: AdministrationDeps,
  actor: Actor,
  id: ApprovalId,
  asked: Parameters<Administration['approve']>[2],
): Promise<Approval> {
  const first = await loadDecidable(deps, actor, id)
  const cast = await castOf(deps, actor, { approval: first, asked })
  const assertion = await confirmVote(deps, actor, { approval: first, vote: cast, answer: asked.stepUp })
  return untilWritten(deps, actor, first, async (approval) => {
    const { chain, escalated, ...now } = await castOf(deps, actor, { approval, asked })
    // What was signed says for which gates, and for whom.
    const same = now.for === cast.for && now.gates.toSorted().join() === cast.gates.toSorted().join()
    if (assertion !== undefined && !same) throw meanwhile(approval)
    return voteStep(deps, actor, {
      approval,
      chain,
      cast: { ...now, escalated, ...(assertion === undefined ? {} : { assertion }) },
      comment: asked.comment,
    })
  })
}

async function voteStep(
  deps: AdministrationDeps,
  actor: Actor,
  step: {
    readonly approval: Approval
    readonly chain: TaskChain | undefined
    readonly cast: Omit<Parameters<typeof vote>[1], 'at'>
    readonly comment: string | undefined
  },
): Promise<DecisionStep> {
  const { approval, chain, cast, comment } = step
  const now = deps.clock.now()
  const next = vote(approval, {
    ...cast,
    at: now,
    ...whereOf(actor),
    ...(comment === undefined ? {} : { comment }),
  })
  const given = await giveGrant(deps, next, { chain, actor, now })
  const alone = await breaksAlone(deps, next)
  const kind = next.state === 'granted' ? 'approval.granted' : 'approval.voted'
  return {
    kind,
    from: approval,
    to: given.approval,
    chain,
    given: { ...given, changes: [...given.changes, ...alone] },
    comment,
  }
}

/** What this actor's vote would be now. @throws RemitError `approver_refused`. */
async function castOf(
  deps: AdministrationDeps,
  actor: Actor,
  of: { readonly approval: Approval; readonly asked: Parameters<Administration['approve']>[2] },
) {
  const { approval, asked } = of
  const chain = await loadChain(deps.tasks, approval.tenant, approval.task)
  const way = chooseWay(waysOf(deps, actor, { approval, chain }), { approval, actor, asked })
  const gates = (way?.gates ?? []).filter((gate) => asked.gate === undefined || gate === asked.gate)
  if (way === undefined || gates.length === 0) throw notFor(actor, approval)
  return {
    gates,
    human: actor.human.id,
    ...(asked.grant === undefined ? {} : { grant: asked.grant }),
    ...(asked.widen === undefined ? {} : { widen: asked.widen }),
    ...(way.for === undefined ? {} : { for: way.for }),
    escalated: way.escalated,
    chain,
  }
}

/** Their own way where it still closes something, else the first of those for whom they may agree. */
function chooseWay(
  ways: readonly WayToVote[],
  {
    approval,
    actor,
    asked,
  }: {
    readonly approval: Approval
    readonly actor: Actor
    readonly asked: Parameters<Administration['approve']>[2]
  },
): WayToVote | undefined {
  const human = actor.human.id
  const wanted = ways.filter((way) => asked.for === undefined || (way.for ?? human) === asked.for)
  const isNews = (way: WayToVote): boolean =>
    way.gates.some(
      (gate) =>
        (asked.gate === undefined || gate === asked.gate) &&
        !hasTaken(approval, gate, { human, ...(way.for === undefined ? {} : { for: way.for }) }),
    )
  return wanted.find(isNews) ?? wanted[0]
}

/** One refusal ends the request; whoever may close any of its gates may refuse it, and the human whose task it is. */
export async function refuseCall(
  deps: AdministrationDeps,
  actor: Actor,
  id: ApprovalId,
  reason: string,
): Promise<Approval> {
  const first = await loadDecidable(deps, actor, id)
  return untilWritten(deps, actor, first, async (approval) => {
    const chain = await loadChain(deps.tasks, approval.tenant, approval.task)
    const mayRefuse = actor.human.id === approval.human || waysOf(deps, actor, { approval, chain }).length > 0
    if (!mayRefuse) throw notFor(actor, approval)
    const by = { human: actor.human.id, at: deps.clock.now(), reason, ...whereOf(actor) }
    const next = refuse(approval, by)
    return { kind: 'approval.refused', from: approval, to: next, chain, comment: reason }
  })
}

async function loadDecidable(deps: AdministrationDeps, actor: Actor, id: ApprovalId): Promise<Approval> {
  await deps.covers?.catchUp()
  if (actor.credential !== 'approver') {
    throw new RemitError(
      'role_missing',
      'the stored credential may not decide approvals; use an approver code (REMIT_APPROVER, or the prompt of `remit approvals approve`)',
    )
  }
  const approval = await loadApproval(deps, actor, id)
  if (approval.state !== 'pending') {
    throw new RemitError('approval_closed', `approval \`${id}\` is ${approval.state} already`)
  }
  // Whoever sits before an unlocked chat is not proved to be who they are.
  if (actor.channel !== undefined && gravest(approval.gates) === 'high') {
    const page = `${deps.settings.adminUrl}/approvals/${id}`
    throw new RemitError(
      'step_up_needed',
      `this is of high severity and not decided in a chat; decide it at ${page}`,
    )
  }
  return approval
}

function whereOf({ channel }: Actor): Pick<Vote, 'channel'> {
  return channel === undefined ? {} : { channel }
}

function waysOf(
  deps: AdministrationDeps,
  actor: Actor,
  { approval, chain }: { readonly approval: Approval; readonly chain: TaskChain | undefined },
): readonly WayToVote[] {
  return waysToVote(deps, actor.human, { approval, chain, policies: deps.policies.current() })
}

function notFor(actor: Actor, approval: Approval): RemitError {
  const own = actor.human.id === approval.human
  const wanted = approval.gates
    .map((gate) => {
      const { scope, delegator } = gate
      const other = own && delegator !== 'yes' ? ', another human than the one whose task it is' : ''
      return `\`${scope}\` by ${gateGroup(gate, 'an approver')}${other}`
    })
    .join('; ')
  return new RemitError(
    'approver_refused',
    `\`${actor.human.id}\` may not decide this request (open gates: ${wanted}); policy says who may \`approve\``,
  )
}

interface DecisionStep {
  readonly kind: Extract<RecordKind, `approval.${string}`>
  readonly from: Approval
  readonly to: Approval
  readonly chain: TaskChain | undefined
  readonly given?: GivenGrant
  readonly comment: string | undefined
}

/**
 * Takes the step, and takes it anew on what others made of the request at the same instant; each of them is through
 * then, so that this ends. @throws RemitError `approval_closed` once it is decided.
 */
async function untilWritten(
  deps: AdministrationDeps,
  actor: Actor,
  first: Approval,
  stepOn: (approval: Approval) => Promise<DecisionStep>,
): Promise<Approval> {
  let approval = first
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const written = await write(deps, actor, await stepOn(approval))
    if (written !== undefined) return written
    approval = await loadApproval(deps, actor, approval.id)
    if (approval.state !== 'pending') break
  }
  throw meanwhile(approval)
}

function meanwhile({ id }: Approval): RemitError {
  return new RemitError(
    'approval_closed',
    `approval \`${id}\` was decided by somebody else meanwhile; look again`,
  )
}

/** @returns undefined = somebody else changed it at the same instant, and nothing of this was written. */
async function write(
  deps: AdministrationDeps,
  actor: Actor,
  { from, to, kind, chain, given, comment }: DecisionStep,
): Promise<Approval | undefined> {
  const record = approvalRecord(deps, {
    kind,
    approval: to,
    chain,
    now: deps.clock.now(),
    actor: actor.human.id,
    ...whereOf(actor),
    ...(comment === undefined ? {} : { comment }),
  })
  const outcome = await deps.journal.commit({
    records: [record, ...(given?.records ?? [])],
    changes: [
      {
        kind: 'update-approval',
        from: { id: from.id, state: from.state, votes: from.votes.length },
        approval: to,
      },
      ...(given?.changes ?? []),
    ],
  })
  if (outcome === 'conflict') return undefined
  if (isGlass(to) && to.state === 'granted') {
    const approvers = to.votes.map((each) => each.human).join(' ')
    deps.log.log('warn', 'break_glass.broken', { approval: to.id, task: to.task, human: to.human, approvers })
  }
  deps.events.approvalChanged(to)
  return to
}
