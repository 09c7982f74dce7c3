import { expireIfDue } from '../approvals/machine.ts'
import type { Approval, ShownApproval } from '../core/approval.ts'
import type { ApprovalId } from '../core/ids.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { Actor, Administration } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { approvalRecord } from './approval-records.ts'
import { ApprovalViews } from './approval-views.ts'
import { fieldValues } from './views/field-values.ts'
import { endCover, listCovers, setCover } from './covers/manage-covers.ts'
import { exportRecords, recordExport } from './export-records.ts'
import { followRecords } from './follow-records.ts'
import { limitedTo, LOOKED_AT, reachesApproval } from './reach.ts'
import { pastWork } from './past-work.ts'
import { queryRecords, recordRead } from './read-records.ts'
import { listGrants, revokeGrant } from './manage-grants.ts'
import { countAudit, queryAudit } from './query-audit.ts'
import { searchRecords } from './search-records.ts'
import { fatigueReport } from './fatigue-report.ts'
import { readInbox } from './read-inbox.ts'
import { endGlass, listGlass, requestGlass, reviewGlass } from './break-glass.ts'
import { liftHalt, listHalts, placeHalt } from './halt.ts'
import { completeTask, createTask, getTask, revokeTask } from './manage-tasks.ts'
import { issueToken, renewTask } from './renew-task.ts'
import { flagOf, listFlags } from './task-flags.ts'
import { taskTree } from './task-tree.ts'
import { decideTool, listTools } from './pins/review-tools.ts'
import { approveCall, loadApproval, refuseCall } from './resolve-approval.ts'
import { ApprovalFeed } from './watch-approvals.ts'

/** The admin plane's use cases over the gate's ports. */
export function createAdministration(deps: AdministrationDeps): Administration {
  const feed = new ApprovalFeed(deps)
  const views = new ApprovalViews()
  const { tenant } = deps.settings
  return {
    createTask: (actor, request) => createTask(deps, actor, request),
    revokeTask: (actor, id, reason) => revokeTask(deps, actor, id, reason),
    completeTask: (actor, id) => completeTask(deps, actor, id),
    renewTask: (actor, id, lifetime) => renewTask(deps, actor, id, lifetime),
    issueToken: (actor, id, wish) => issueToken(deps, actor, id, wish),
    taskTree: (actor, id) => taskTree(deps, actor, id),
    listHalts: (actor) => listHalts(deps, actor),
    placeHalt: (actor, wish) => placeHalt(deps, actor, wish),
    liftHalt: (actor, wish) => liftHalt(deps, actor, wish),
    requestGlass: (actor, wish) => requestGlass(deps, actor, wish),
    endGlass: (actor, id) => endGlass(deps, actor, id),
    reviewGlass: (actor, review) => reviewGlass(deps, actor, review),
    listGlass: (actor) => listGlass(deps, actor),
    listTasks: (actor, limit) => deps.tasks.list(tenant, limit, limitedTo(actor)),
    getTask: (actor, id) => getTask(deps, actor, id),
    flagOf: async (actor, id) => flagOf(deps, await getTask(deps, actor, id)),
    listFlags: (actor) => listFlags(deps, actor),
    listApprovals: (actor, filter) => listApprovals(deps, actor, filter),
    viewApproval: (actor, id) => viewApproval(deps, actor, { id, views }),
    approve: (actor, id, vote) => approveCall(deps, actor, id, vote),
    refuse: (actor, id, reason) => refuseCall(deps, actor, id, reason),
    setCover: (actor, wish) => setCover(deps, actor, wish),
    endCover: (actor, human) => endCover(deps, actor, human),
    listCovers: (actor) => listCovers(deps, actor),
    listGrants: (actor, filter) => listGrants(deps, actor, filter),
    revokeGrant: (actor, id, reason) => revokeGrant(deps, actor, id, reason),
    watchApprovals: (actor, wait) => feed.watch(actor, wait),
    readInbox: (actor, most) => readInbox(deps, actor, most),
    fatigueReport: (actor, within) => fatigueReport(deps, actor, within),
    recordRead: (actor, query) => recordRead(deps, actor, query),
    reviewTools: async (_actor, { server }) => listTools(deps, server),
    decideTool: (actor, decision) => decideTool(deps, actor, decision),
    followRecords: (actor, follow) => followRecords(deps, actor, follow),
    queryAudit: (actor, asked) => queryAudit(deps, actor, asked),
    countAudit: (actor, asked) => countAudit(deps, actor, asked),
    fieldValues: (actor, wish) => fieldValues(deps, actor, wish),
    searchRecords: (actor, search) => searchRecords(deps, actor, search),
    exportRecords: (actor, page) => exportRecords(deps, actor, page),
    recordExport: (actor, told) => recordExport(deps, actor, told),
    queryRecords: (actor, query) => queryRecords(deps, actor, query),
    async head() {
      return { tenant, ...(await deps.records.head(tenant)) }
    },
  }
}

async function listApprovals(
  deps: AdministrationDeps,
  actor: Actor,
  filter: Parameters<Administration['listApprovals']>[1],
): Promise<readonly Approval[]> {
  const all = actor.onlyTask === undefined && limitedTo(actor) === undefined
  const limit = all ? filter.limit : Math.max(filter.limit, LOOKED_AT)
  const found = await deps.approvals.list(deps.settings.tenant, { ...filter, limit })
  const now = deps.clock.now()
  return found
    .filter((approval) => reachesApproval(deps, actor, approval))
    .slice(0, filter.limit)
    .map((approval) => expireIfDue(approval, now))
}

/** Who looked at a request, and when, is part of how it was decided. */
async function viewApproval(
  deps: AdministrationDeps,
  actor: Actor,
  { id, views }: { readonly id: ApprovalId; readonly views: ApprovalViews },
): Promise<ShownApproval> {
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
  if (views.isNew(actor.human.id, id, now)) await deps.journal.commit({ records: [record], changes: [] })
  const past = approval.state === 'pending' ? await pastWork(deps, approval) : undefined
  return past === undefined ? approval : { ...approval, past }
}
