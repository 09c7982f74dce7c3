import {
  decideToolBody,
  reviewToolsQuery,
  type ToolReviewAnswer,
  type ToolReviewsAnswer,
} from './contract.ts'
import { actorOf, type Handler, parseBody, parseQuery } from './route.ts'

export const reviewTools: Handler = async ({ administration }, request) => {
  const { server } = parseQuery(reviewToolsQuery, request.query)
  const tools = await administration.reviewTools(actorOf(request), server === undefined ? {} : { server })
  return { status: 200, json: { tools } satisfies ToolReviewsAnswer }
}

export const decideTool: Handler = async ({ administration }, request) => {
  const body = parseBody(decideToolBody, request.body)
  const { server = '' } = request.params
  const { tool, digest } = body
  const verdict =
    body.verdict === 'refuse'
      ? { kind: 'refuse' as const, reason: body.reason }
      : { kind: 'approve' as const, ...(body.actions === undefined ? {} : { actions: body.actions }) }
  const decided = await administration.decideTool(actorOf(request), { server, tool, digest, verdict })
  return { status: 200, json: { tool: decided } satisfies ToolReviewAnswer }
}
