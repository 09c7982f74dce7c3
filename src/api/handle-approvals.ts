import type { ApprovalId, HumanId, TaskId } from '../core/ids.ts'
import { RemitError } from '../core/errors.ts'
import type { StepUpAnswer } from '../gate/step-up.ts'
import { approvalPage } from './approval-page.ts'
import {
  type ApprovalAnswer,
  type ApprovalsAnswer,
  approveBody,
  demoApproverBody,
  listApprovalsQuery,
  refuseBody,
  type WatchAnswer,
  watchApprovalsQuery,
} from './contract.ts'
import { actorOf, type Handler, parseBody, parseQuery } from './route.ts'

export const listApprovals: Handler = async ({ administration }, request) => {
  const { state, limit } = parseQuery(listApprovalsQuery, request.query)
  const filter = state === undefined ? { limit } : { state, limit }
  const approvals = await administration.listApprovals(actorOf(request), filter)
  const flagged = await administration.listFlags(actorOf(request))
  return { status: 200, json: { approvals, flagged } satisfies ApprovalsAnswer }
}

export const showApproval: Handler = async ({ administration }, request) => {
  const approval = await administration.viewApproval(actorOf(request), request.params['id'] as ApprovalId)
  return { status: 200, json: { approval } satisfies ApprovalAnswer }
}

export const approve: Handler = async ({ administration }, request) => {
  const { gate, comment, grant, widen, stepUp, for: other } = parseBody(approveBody, request.body)
  const vote = {
    ...(gate === undefined ? {} : { gate }),
    ...(other === undefined ? {} : { for: other as HumanId }),
    ...(comment === undefined ? {} : { comment }),
    ...(grant === undefined ? {} : { grant }),
    ...(widen === undefined ? {} : { widen }),
    ...(stepUp === undefined ? {} : { stepUp: stepUp as StepUpAnswer }),
  }
  const id = request.params['id'] as ApprovalId
  const approval = await administration.approve(actorOf(request), id, vote)
  return { status: 200, json: { approval } satisfies ApprovalAnswer }
}

export const refuse: Handler = async ({ administration }, request) => {
  const { reason } = parseBody(refuseBody, request.body)
  const id = request.params['id'] as ApprovalId
  const approval = await administration.refuse(actorOf(request), id, reason)
  return { status: 200, json: { approval } satisfies ApprovalAnswer }
}

export const watchApprovals: Handler = async ({ administration }, request) => {
  const { since, timeout } = parseQuery(watchApprovalsQuery, request.query)
  const wait = { since, timeout, signal: request.signal }
  const changes = await administration.watchApprovals(actorOf(request), wait)
  return { status: 200, json: changes satisfies WatchAnswer }
}

/**
 * The page behind the URL that a client is given: it carries no authority and shows nothing that needs any. For who is
 * logged in its script asks for the rest, and can decide.
 */
export const showApprovalPage: Handler = async (ports, { params, viewer }) => {
  const observed = ports.observing().map(({ until }) => until)
  const options = {
    observedUntil: observed.toSorted().at(-1),
    providers: ports.browsers.login.oidc.providers,
  }
  return { status: 200, page: approvalPage(params['id'] ?? '', viewer?.id, options) }
}

export const makeDemoApprover: Handler = async ({ demoApprover }, request) => {
  if (demoApprover === undefined) {
    throw new RemitError('not_found', 'there is no such path; it exists only under `remit start --demo`')
  }
  const { task } = parseBody(demoApproverBody, request.body)
  return { status: 201, json: await demoApprover(actorOf(request), task as TaskId) }
}
