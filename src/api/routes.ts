import {
  approve,
  listApprovals,
  makeDemoApprover,
  refuse,
  showApproval,
  showApprovalPage,
  watchApprovals,
} from './handle-approvals.ts'
import { comeBack, disconnect, finishConnect, showConnectPage, startConnect } from './handle-connect.ts'
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
import { listKeys, rotateKeys } from './handle-keys.ts'
import { listSecrets, removeSecret, resealSecrets, rotateSecret, setSecret } from './handle-secrets.ts'
import { streamApprovals, streamRecords } from './handle-streams.ts'
import {
  acceptPolicies,
  listPolicies,
  pendingPolicies,
  reloadPolicies,
  showPolicy,
} from './handle-policies.ts'
import { endGlass, listGlass, requestGlass, reviewGlass } from './handle-glass.ts'
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
import type { Handler, Role, Route } from './route.ts'

const ANYONE: readonly Role[] = ['anyone']
const READERS: readonly Role[] = ['approver', 'stored']
const MEASURERS: readonly Role[] = ['approver', 'stored', 'local']
const APPROVALS: readonly Role[] = ['approver', 'stored', 'bound']
const DECIDERS: readonly Role[] = ['approver', 'bound']
/** Agreeing is for people who prove who they are; that it is a second one, the gate decides. */
const APPROVERS: readonly Role[] = ['approver']
const STORED: readonly Role[] = ['stored']

/**
 * Every route of the admin plane and who may use it: read the third column downwards to audit it. Literal
 * paths stand before those with parameters. What a role may do with what it reaches, the gate decides again.
 */
export const ROUTES: readonly Route[] = [
  route('GET', '/healthz', ANYONE, healthz),
  route('GET', '/readyz', ANYONE, readyz),
  route('GET', '/metrics', MEASURERS, metrics),
  route('GET', '/status', READERS, status),
  route('GET', '/servers', READERS, servers),
  route('POST', '/servers/check', READERS, checkServers),
  route('POST', '/servers/reload', READERS, reloadServers),
  route('GET', '/servers/review', READERS, reviewTools),
  route('POST', '/servers/:server/review', APPROVERS, decideTool),
  page('/servers/:server/connect', showConnectPage),
  route('POST', '/servers/:server/connect', APPROVERS, startConnect),
  route('POST', '/servers/:server/connect/finish', APPROVERS, finishConnect),
  route('POST', '/servers/:server/disconnect', APPROVERS, disconnect),
  route('GET', '/oauth/callback', ANYONE, comeBack),
  route('GET', '/secrets', READERS, listSecrets),
  route('POST', '/secrets', APPROVERS, setSecret),
  route('POST', '/secrets/reseal', APPROVERS, resealSecrets),
  route('POST', '/secrets/:name/rotate', APPROVERS, rotateSecret),
  route('POST', '/secrets/:name/remove', APPROVERS, removeSecret),
  route('GET', '/keys', READERS, listKeys),
  route('POST', '/keys/rotate', APPROVERS, rotateKeys),
  route('POST', '/tasks', READERS, createTask),
  route('GET', '/tasks', READERS, listTasks),
  route('GET', '/tasks/:id', READERS, showTask),
  route('GET', '/tasks/:id/tree', READERS, showTaskTree),
  route('POST', '/tasks/:id/revoke', READERS, revokeTask),
  route('POST', '/tasks/:id/complete', READERS, completeTask),
  route('POST', '/tasks/:id/renew', READERS, renewTask),
  route('POST', '/tasks/:id/token', READERS, issueToken),
  route('GET', '/halts', READERS, listHalts),
  route('POST', '/halts', READERS, placeHalt),
  route('POST', '/halts/lift', APPROVERS, liftHalt),
  route('GET', '/glass', READERS, listGlass),
  route('POST', '/glass', APPROVERS, requestGlass),
  route('POST', '/glass/:id/end', READERS, endGlass),
  route('POST', '/glass/:id/review', APPROVERS, reviewGlass),
  route('GET', '/approvals', APPROVALS, listApprovals),
  route('GET', '/approvals/watch', APPROVALS, watchApprovals),
  route('GET', '/approvals/stream', APPROVALS, streamApprovals),
  page('/approvals/:id', showApprovalPage),
  route('GET', '/approvals/:id', APPROVALS, showApproval),
  route('POST', '/approvals/:id/approve', DECIDERS, approve),
  route('POST', '/approvals/:id/refuse', DECIDERS, refuse),
  route('GET', '/policies', READERS, listPolicies),
  route('GET', '/policies/text', READERS, showPolicy),
  route('POST', '/policy/reload', READERS, reloadPolicies),
  route('GET', '/policy/pending', READERS, pendingPolicies),
  route('POST', '/policy/accept', APPROVERS, acceptPolicies),
  route('GET', '/grants', APPROVALS, listGrants),
  route('POST', '/grants/:id/revoke', APPROVALS, revokeGrant),
  route('GET', '/records/stream', READERS, streamRecords),
  route('GET', '/records', READERS, records),
  route('GET', '/explain/:id', READERS, explain),
  route('GET', '/head', READERS, head),
  route('POST', '/demo-approver', STORED, makeDemoApprover),
]

function route(method: Route['method'], path: string, who: readonly Role[], handle: Handler): Route {
  return { method, path, who, handle, page: false }
}

function page(path: string, handle: Handler): Route {
  return { method: 'GET', path, who: ANYONE, handle, page: true }
}
