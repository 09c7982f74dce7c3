import { glassDigest, glassGate, LONGEST_GLASS } from '../approvals/break-glass.ts'
import { cancel, expireIfDue, requestApproval } from '../approvals/machine.ts'
import type { Approval } from '../core/approval.ts'
import { RemitError } from '../core/errors.ts'
import { newId, type ApprovalId, type DecisionId, type ServerKey, type TaskId } from '../core/ids.ts'
import { isAdmin, rolesOf } from '../core/roles.ts'
import type { Actor, GlassReport, GlassWish } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { adminRecord } from './admin-records.ts'
import { approvalRecord } from './approval-records.ts'
import { allGlass, requireReviewed } from './find-glass.ts'
import { gatesOfHuman } from './gates-of-human.ts'
import { requireActive } from './identify.ts'
import { getChain } from './manage-tasks.ts'
import { approveCall } from './resolve-approval.ts'
import { reachesApproval } from './reach.ts'
import { requireAdmin } from './require-admin.ts'

/**
 * Asks that gates of one task be closed for at most an hour. Two maintainers must agree, of whom the one who asks is one
 * unless it is their own task; what policy denies stays denied. Nobody asks again before the last one was reviewed.
 */
export async function requestGlass(
  deps: AdministrationDeps,
  actor: Actor,
  { task: id, reason, lifetime }: GlassWish,
): Promise<Approval> {
  requireAdmin(actor, 'breaking the glass')
  const chain = await getChain(deps, id)
  requireActive(chain, deps.clock.now())
  await requireReviewed(deps)
  const now = deps.clock.now()
  const { tenant } = chain.task
  const expires = Math.min(now + Math.min(lifetime ?? LONGEST_GLASS, LONGEST_GLASS), chain.task.expires)
  const approval = requestApproval({
    id: newId('apr', deps.entropy.bytes(16)) as ApprovalId,
    task: chain.task,
    call: {
      server: 'remit' as ServerKey,
      tool: 'break-glass',
      digest: glassDigest({ tenant, task: id }, deps.sha256),
    },
    decision: newId('dec', deps.entropy.bytes(16)) as DecisionId,
    gates: [glassGate(reason, expires - now)],
    prompt: promptOf({ task: id, human: chain.task.human, intent: chain.task.intent, reason, expires }),
    now,
    expires,
  })
  const outcome = await deps.journal.commit({
    records: [
      glassRecord(deps, actor, { kind: 'glass.requested', approval, comment: reason }),
      approvalRecord(deps, { kind: 'approval.requested', approval, chain, now, actor: actor.human.id }),
    ],
    changes: [{ kind: 'insert-approval', approval }],
  })
  if (outcome === 'conflict') {
    throw new RemitError('approval_closed', `the glass is broken for \`${id}\`, or asked to be, already`)
  }
  alert(deps, 'requested', { approval, actor })
  deps.events.approvalChanged(approval)
  return mayClose(deps, actor, approval)
    ? approveCall(deps, actor, approval.id, { comment: reason })
    : approval
}

/** An admin asks; that they also agree, the roles of the gate and policy say. */
function mayClose(deps: AdministrationDeps, { human }: Actor, approval: Approval): boolean {
  if (human.id === approval.human) return false
  const request = { approval, chain: undefined, policies: deps.policies.current() }
  return gatesOfHuman(deps, human, request).length > 0
}

/** Before its time is over: with the next call every gate asks again. */
export async function endGlass(deps: AdministrationDeps, actor: Actor, id: ApprovalId): Promise<Approval> {
  const { approval } = await find(deps, actor, id)
  const ended = cancel(expireIfDue(approval, deps.clock.now()))
  const { state, votes } = approval
  const outcome = await deps.journal.commit({
    records: [glassRecord(deps, actor, { kind: 'glass.ended', approval: ended })],
    changes: [{ kind: 'update-approval', from: { id, state, votes: votes.length }, approval: ended }],
  })
  if (outcome === 'conflict') throw new RemitError('approval_closed', 'it changed meanwhile; look again')
  alert(deps, 'ended', { approval: ended, actor })
  deps.events.approvalChanged(ended)
  return ended
}

/** Somebody looks at what was done under it, who did not agree to it and whose task it is not. */
export async function reviewGlass(
  deps: AdministrationDeps,
  actor: Actor,
  { id, comment }: { readonly id: ApprovalId; readonly comment: string },
): Promise<GlassReport> {
  const { approval, reviewed } = await find(deps, actor, id)
  const { human, credential } = actor
  const took = approval.human === human.id || approval.votes.some((vote) => vote.human === human.id)
  const may = isAdmin(human) || rolesOf(human).includes('auditor')
  if (credential !== 'approver' || !may || took) {
    throw new RemitError(
      'approver_refused',
      'it is reviewed by an admin or an auditor with an approver code, who did not agree to it and whose task it is not',
    )
  }
  const over = expireIfDue(approval, deps.clock.now()).state !== 'granted'
  if (!over)
    throw new RemitError('approval_closed', 'its time is not over; end it first: `remit break-glass end`')
  if (!reviewed) {
    await deps.journal.commit({
      records: [glassRecord(deps, actor, { kind: 'glass.reviewed', approval, comment })],
      changes: [],
    })
    alert(deps, 'reviewed', { approval, actor })
  }
  return { approval, reviewed: true }
}

/** Every request that they may see, newest first, with whether it was reviewed. */
export async function listGlass(deps: AdministrationDeps, actor: Actor): Promise<readonly GlassReport[]> {
  const found = await allGlass(deps)
  return found.filter(({ approval }) => reachesApproval(deps, actor, approval))
}

async function find(deps: AdministrationDeps, actor: Actor, id: ApprovalId): Promise<GlassReport> {
  const stored = await deps.approvals.get(deps.settings.tenant, id)
  const report = (await listGlass(deps, actor)).find(({ approval }) => approval.id === id)
  if (stored !== undefined && report !== undefined) return { ...report, approval: stored }
  throw new RemitError('approval_unknown', `no break-glass \`${id}\`; see \`remit break-glass list\``)
}

function promptOf(of: {
  readonly task: TaskId
  readonly human: string
  readonly intent: string
  readonly reason: string
  readonly expires: number
}): string {
  return [
    `Break the glass for task ${of.task} of ${of.human}: ${of.intent}`,
    `Until ${new Date(of.expires).toISOString()} no call of this task is asked about; what policy denies stays denied.`,
    `Why: ${of.reason}`,
  ].join('\n')
}

function glassRecord(
  deps: AdministrationDeps,
  actor: Actor,
  step: {
    readonly kind: 'glass.requested' | 'glass.ended' | 'glass.reviewed'
    readonly approval: Approval
    readonly comment?: string
  },
) {
  const { kind, approval, comment } = step
  return adminRecord(deps.settings, {
    kind,
    id: approval.id,
    at: deps.clock.now(),
    actor: actor.human.id,
    data: {
      task: approval.task,
      human: approval.human,
      approvers: approval.votes.map((vote) => vote.human),
      expires: new Date(approval.expires).toISOString(),
    },
    ...(comment === undefined ? {} : { detail: { comment } }),
  })
}

/** Told to whoever watches the log, with everybody whom it concerns. */
function alert(
  deps: AdministrationDeps,
  step: string,
  { approval, actor }: { readonly approval: Approval; readonly actor: Actor },
): void {
  deps.log.log('warn', `break_glass.${step}`, {
    approval: approval.id,
    task: approval.task,
    human: approval.human,
    by: actor.human.id,
    approvers: approval.votes.map((vote) => vote.human).join(' '),
    admins: deps.humans
      .list(approval.tenant)
      .filter(isAdmin)
      .map(({ id }) => id)
      .join(' '),
  })
}
