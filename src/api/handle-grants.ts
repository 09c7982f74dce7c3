import type { GrantId, TaskId } from '../core/ids.ts'
import { type GrantAnswer, type GrantsAnswer, listGrantsQuery, revokeGrantBody } from './grants-contract.ts'
import { actorOf, type Handler, parseBody, parseQuery } from './route.ts'

export const listGrants: Handler = async ({ administration }, request) => {
  const { task, limit } = parseQuery(listGrantsQuery, request.query)
  const filter = task === undefined ? { limit } : { task: task as TaskId, limit }
  const grants = await administration.listGrants(actorOf(request), filter)
  return { status: 200, json: { grants } satisfies GrantsAnswer }
}

export const revokeGrant: Handler = async ({ administration }, request) => {
  const { reason } = parseBody(revokeGrantBody, request.body)
  const id = request.params['id'] as GrantId
  const grant = await administration.revokeGrant(actorOf(request), id, reason)
  return { status: 200, json: { grant } satisfies GrantAnswer }
}
