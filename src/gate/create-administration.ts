import type { RecordQuery } from '../audit/record-reader.ts'
import { expireIfDue } from '../approvals/machine.ts'
import type { ApprovalId } from '../core/ids.ts'
import { newId } from '../core/ids.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { Actor, Administration } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { adminRecord } from './admin-records.ts'
import { approvalRecord } from './approval-records.ts'
import { followRecords } from './follow-records.ts'
import { listGrants, revokeGrant } from './manage-grants.ts'
import { readWaiting } from './read-waiting.ts'
import { endGlass, listGlass, requestGlass, reviewGlass } from './break-glass.ts'
import { liftHalt, listHalts, placeHalt } from './halt.ts'
import { completeTask, createTask, getTask, revokeTask } from './manage-tasks.ts'
import { issueToken, renewTask } from './renew-task.ts'
import { flagOf, listFlags } from './task-flags.ts'
import { taskTree } from './task-tree.ts'
import { decideTool, listTools } from './pins/review-tools.ts'
import { approveCall, isInReach, loadApproval, refuseCall } from './resolve-approval.ts'
import { ApprovalFeed } from './watch-approvals.ts'

/** The admin plane's use cases over the gate's ports. */
export function createAdministration(deps: AdministrationDeps): Administration {
  const feed = new ApprovalFeed(deps)
  const { tenant } = deps.settings
  return {
    createTask: (actor, request) => createTask(deps, actor, request),
    revokeTask: (actor, id, reason) => revokeTask(deps, actor, id, reason),
    completeTask: (actor, id) => completeTask(deps, actor, id),
    renewTask: (actor, id, lifetime) => renewTask(deps, actor, id, lifetime),
    issueToken: (actor, id, wish) => issueToken(deps, actor, id, wish),
    taskTree: (_actor, id) => taskTree(deps, id),
    listHalts: () => listHalts(deps),
    placeHalt: (actor, wish) => placeHalt(deps, actor, wish),
    liftHalt: (actor, wish) => liftHalt(deps, actor, wish),
    requestGlass: (actor, wish) => requestGlass(deps, actor, wish),
    endGlass: (actor, id) => endGlass(deps, actor, id),
    reviewGlass: (actor, review) => reviewGlass(deps, actor, review),
    listGlass: () => listGlass(deps),
    listTasks: (_actor, limit) => deps.tasks.list(tenant, limit),
    getTask: (_actor, id) => getTask(deps, id),
    flagOf: async (_actor, id) => flagOf(deps, await getTask(deps, id)),
    listFlags: (actor) => listFlags(deps, actor),
    async listApprovals(actor, filter) {
      const found = await deps.approvals.list(tenant, filter)
      const now = deps.clock.now()
      return found
        .filter((approval) => isInReach(actor, approval))
        .map((approval) => expireIfDue(approval, now))
    },
    viewApproval: (actor, id) => viewApproval(deps, actor, id),
    approve: (actor, id, vote) => approveCall(deps, actor, id, vote),
    refuse: (actor, id, reason) => refuseCall(deps, actor, id, reason),
    listGrants: (actor, filter) => listGrants(deps, actor, filter),
    revokeGrant: (actor, id, reason) => revokeGrant(deps, actor, id, reason),
    watchApprovals: (actor, wait) => feed.watch(actor, wait),
    async readInbox(actor, most) {
      const keys = await deps.approvals.waiting(tenant, most)
      const reached = keys.filter((key) => isInReach(actor, key))
      return { count: reached.length, pages: readWaiting(deps.approvals, tenant, reached) }
    },
    recordRead: (actor, query) => recordRead(deps, actor, query),
    reviewTools: async (_actor, { server }) => listTools(deps, server),
    decideTool: (actor, decision) => decideTool(deps, actor, decision),
    followRecords: (follow) => followRecords({ records: deps.records, tenant }, follow),
    async queryRecords(actor, query) {
      await recordRead(deps, actor, query)
      return deps.records.query({ ...query, tenant })
    },
    async head() {
      return { tenant, ...(await deps.records.head(tenant)) }
    },
  }
}

async function recordRead(
  deps: AdministrationDeps,
  actor: Actor,
  { kind, task, id, after }: Omit<RecordQuery, 'tenant'>,
): Promise<void> {
  const record = adminRecord(deps.settings, {
    kind: 'audit.read',
    id: newId('aud', deps.entropy.bytes(16)),
    at: deps.clock.now(),
    actor: actor.human.id,
    data: {
      kind: kind ?? null,
      task: task ?? null,
      after: after ?? null,
      ...(id === undefined ? {} : { id }),
    },
  })
  await deps.journal.commit({ records: [record], changes: [] })
}

/** Who looked at a request, and when, is part of how it was decided. */
async function viewApproval(deps: AdministrationDeps, actor: Actor, id: ApprovalId) {
  const approval = await loadApproval(deps, actor, id)
  const now = deps.clock.now()
  const chain = await loadChain(deps.tasks, approval.tenant, approval.task)
  const record = approvalRecord(deps, {
    kind: 'approval.viewed',
    approval,
    chain,
    now,
    actor: actor.human.id,
  })
  await deps.journal.commit({ records: [record], changes: [] })
  return approval
}
