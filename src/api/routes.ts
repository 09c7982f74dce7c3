import {
  approve,
  listApprovals,
  makeDemoApprover,
  refuse,
  showApproval,
  showApprovalPage,
  watchApprovals,
} from './handle-approvals.ts'
import { reportFatigue } from './handle-fatigue.ts'
import { exportRecords } from './handle-export.ts'
import { comeBack, disconnect, finishConnect, showConnectPage, startConnect } from './handle-connect.ts'
import { listFleet } from './handle-fleet.ts'
import { listGrants, revokeGrant } from './handle-grants.ts'
import {
  checkServers,
  explain,
  head,
  healthz,
  metrics,
  readyz,
  records,
  reloadServers,
  servers,
  status,
} from './handle-operations.ts'
import { decideTool, reviewTools } from './handle-reviews.ts'
import { streamServers } from './server-stream.ts'
import { noteBackup } from './handle-backups.ts'
import { listKeys, rotateKeys } from './handle-keys.ts'
import { listSecrets, removeSecret, resealSecrets, rotateSecret, setSecret } from './handle-secrets.ts'
import { queryRecords } from './handle-audit.ts'
import { fieldValues, listViews, removeView, saveView } from './handle-views.ts'
import { streamApprovals, streamRecords } from './handle-streams.ts'
import {
  acceptPolicies,
  listPolicies,
  pendingPolicies,
  reloadPolicies,
  showPolicy,
} from './handle-policies.ts'
import { endCover, listCovers, setCover } from './handle-covers.ts'
import { countErasure, eraseRecords, liftHold, listHolds, placeHold } from './handle-erasures.ts'
import { endGlass, listGlass, requestGlass, reviewGlass } from './handle-glass.ts'
import { lookAtPast, proposePolicies, replayPolicies } from './handle-past.ts'
import { markReviewItem, showReview, signOffReview } from './handle-review.ts'
import { reportBlock, why } from './handle-why.ts'
import { liftHalt, listHalts, placeHalt } from './handle-halts.ts'
import {
  completeTask,
  createTask,
  issueToken,
  listTasks,
  renewTask,
  revokeTask,
  showTask,
  showTaskTree,
} from './handle-tasks.ts'
import { type May } from './may.ts'
import type { Handler, Route, Shown } from './route.ts'

const ANYONE: readonly Shown[] = ['anyone']
/** Nobody is asked who they are. */
const NO_ROLE: May = '- - - -'
const READERS: readonly Shown[] = ['human', 'stored']
const MEASURERS: readonly Shown[] = ['human', 'stored', 'local']
const APPROVALS: readonly Shown[] = ['human', 'stored', 'bound']
const DECIDERS: readonly Shown[] = ['human', 'bound']
/** Agreeing is for people who prove who they are; that it is a second one, the gate decides. */
const HUMANS: readonly Shown[] = ['human']
const STORED: readonly Shown[] = ['stored']

/**
 * Every route of the admin plane, which role may use it and what they must have shown: read a column downwards to audit it.
 * A cell says whose things are there for the role: `-` refused, `o` their own, `e` that everybody’s are, `a` everybody’s;
 * docs/roles.md. What may be done with them, the gate decides. Literal paths stand before those with parameters.
 */
export const ROUTES: readonly Route[] = [
  // member, approver, auditor, admin
  open('/healthz', healthz),
  open('/readyz', readyz),
  route('- - a a', 'GET', '/metrics', MEASURERS, metrics),
  route('a a a a', 'GET', '/status', READERS, status),
  route('a a a a', 'GET', '/servers', READERS, servers),
  route('- - - a', 'POST', '/servers/check', READERS, checkServers),
  route('- - - a', 'POST', '/servers/reload', READERS, reloadServers),
  route('a a a a', 'GET', '/servers/stream', READERS, streamServers),
  route('- - a a', 'GET', '/servers/review', READERS, reviewTools),
  route('- - - a', 'POST', '/servers/:server/review', HUMANS, decideTool),
  page('/servers/:server/connect', showConnectPage),
  route('o o - o', 'POST', '/servers/:server/connect', HUMANS, startConnect),
  route('o o - o', 'POST', '/servers/:server/connect/finish', HUMANS, finishConnect),
  route('o o - a', 'POST', '/servers/:server/disconnect', HUMANS, disconnect),
  open('/oauth/callback', comeBack),
  route('- - a a', 'GET', '/secrets', READERS, listSecrets),
  route('- - - a', 'POST', '/secrets', HUMANS, setSecret),
  route('- - - a', 'POST', '/secrets/reseal', HUMANS, resealSecrets),
  route('- - - a', 'POST', '/secrets/:name/rotate', HUMANS, rotateSecret),
  route('- - - a', 'POST', '/secrets/:name/remove', HUMANS, removeSecret),
  route('- - a a', 'GET', '/keys', READERS, listKeys),
  route('- - - a', 'POST', '/keys/rotate', HUMANS, rotateKeys),
  route('- - - a', 'POST', '/backups', READERS, noteBackup),
  route('o o - o', 'POST', '/tasks', READERS, createTask),
  route('o o a a', 'GET', '/tasks', READERS, listTasks),
  route('o o a a', 'GET', '/tasks/:id', READERS, showTask),
  route('o o a a', 'GET', '/tasks/:id/tree', READERS, showTaskTree),
  route('o o - a', 'POST', '/tasks/:id/revoke', READERS, revokeTask),
  route('o o - a', 'POST', '/tasks/:id/complete', READERS, completeTask),
  route('o o - o', 'POST', '/tasks/:id/renew', READERS, renewTask),
  route('o o - o', 'POST', '/tasks/:id/token', READERS, issueToken),
  route('o o a a', 'GET', '/fleet', READERS, listFleet),
  route('o o a a', 'GET', '/halts', READERS, listHalts),
  route('o o - a', 'POST', '/halts', READERS, placeHalt),
  route('- - - a', 'POST', '/halts/lift', HUMANS, liftHalt),
  route('o o a a', 'GET', '/glass', READERS, listGlass),
  route('- - - a', 'POST', '/glass', HUMANS, requestGlass),
  route('o o - a', 'POST', '/glass/:id/end', READERS, endGlass),
  route('- - a a', 'POST', '/glass/:id/review', HUMANS, reviewGlass),
  route('o o a a', 'GET', '/covers', READERS, listCovers),
  route('o o - o', 'POST', '/covers', HUMANS, setCover),
  route('o o - a', 'POST', '/covers/end', HUMANS, endCover),
  route('o o a o', 'GET', '/approvals', APPROVALS, listApprovals),
  route('o o a e', 'GET', '/approvals/report', READERS, reportFatigue),
  route('o o a o', 'GET', '/approvals/watch', APPROVALS, watchApprovals),
  route('o o a o', 'GET', '/approvals/stream', APPROVALS, streamApprovals),
  page('/approvals/:id', showApprovalPage),
  route('o o a o', 'GET', '/approvals/:id', APPROVALS, showApproval),
  route('o o - o', 'POST', '/approvals/:id/approve', DECIDERS, approve),
  route('o o - o', 'POST', '/approvals/:id/refuse', DECIDERS, refuse),
  route('a a a a', 'GET', '/policies', READERS, listPolicies),
  route('a a a a', 'GET', '/policies/text', READERS, showPolicy),
  route('- - a e', 'POST', '/policies/replay', READERS, replayPolicies),
  route('- - a -', 'POST', '/policies/propose', READERS, proposePolicies),
  route('- - a e', 'GET', '/policies/past/:id', READERS, lookAtPast),
  route('- - - a', 'POST', '/policy/reload', READERS, reloadPolicies),
  route('- - a a', 'GET', '/policy/pending', READERS, pendingPolicies),
  route('- - - a', 'POST', '/policy/accept', HUMANS, acceptPolicies),
  route('o o a o', 'GET', '/grants', APPROVALS, listGrants),
  route('o o - o', 'POST', '/grants/:id/revoke', APPROVALS, revokeGrant),
  route('o o a e', 'GET', '/records/stream', READERS, streamRecords),
  route('o o a e', 'GET', '/records/export', READERS, exportRecords),
  route('o o a e', 'GET', '/records', READERS, records),
  route('- - a a', 'GET', '/erasures/count', READERS, countErasure),
  route('- - - a', 'POST', '/erasures', HUMANS, eraseRecords),
  route('- - a a', 'GET', '/holds', READERS, listHolds),
  route('- - a a', 'POST', '/holds', HUMANS, placeHold),
  route('- - a -', 'POST', '/holds/:id/lift', HUMANS, liftHold),
  route('o o a e', 'GET', '/records/query', READERS, queryRecords),
  route('- - a e', 'GET', '/records/values', READERS, fieldValues),
  route('o o o o', 'GET', '/records/views', READERS, listViews),
  route('o o o o', 'POST', '/records/views', HUMANS, saveView),
  route('o o o a', 'POST', '/records/views/remove', HUMANS, removeView),
  route('o o a o', 'GET', '/explain/:id', READERS, explain),
  route('o o a e', 'GET', '/why/:id', READERS, why),
  route('o o a o', 'POST', '/why/:id/report', READERS, reportBlock),
  route('- - a a', 'GET', '/review', READERS, showReview),
  route('- - a a', 'POST', '/review/mark', HUMANS, markReviewItem),
  route('- - a a', 'POST', '/review/sign-off', HUMANS, signOffReview),
  route('a a a a', 'GET', '/head', READERS, head),
  route('- - - -', 'POST', '/demo-approver', STORED, makeDemoApprover),
]

function route(
  may: May,
  method: Route['method'],
  ...[path, who, handle]: readonly [path: string, who: readonly Shown[], handle: Handler]
): Route {
  return { method, path, who, may, handle, page: false }
}

/** Without a credential. */
function open(path: string, handle: Handler): Route {
  return { method: 'GET', path, who: ANYONE, may: NO_ROLE, handle, page: false }
}

function page(path: string, handle: Handler): Route {
  return { ...open(path, handle), page: true }
}
