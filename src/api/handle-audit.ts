import { type AuditCountAnswer, auditQuery, type AuditQueryAnswer } from './audit-contract.ts'
import { actorOf, type Handler, parseQuery } from './route.ts'

export const queryRecords: Handler = async ({ administration }, request) => {
  const { q, past, after, limit, count } = parseQuery(auditQuery, request.query)
  const asked = {
    query: q,
    ...(past === undefined ? {} : { past }),
    ...(after === undefined ? {} : { after }),
  }
  const actor = actorOf(request)
  if (count !== undefined)
    return { status: 200, json: (await administration.countAudit(actor, asked)) satisfies AuditCountAnswer }
  const found = await administration.queryAudit(actor, { ...asked, limit })
  return { status: 200, json: found satisfies AuditQueryAnswer }
}
