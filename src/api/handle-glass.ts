import type { ApprovalId, TaskId } from '../core/ids.ts'
import { type ApprovalAnswer, emptyBody, type GlassAnswer } from './contract.ts'
import { glassBody, reviewGlassBody } from './glass-contract.ts'
import { actorOf, type Handler, parseBody } from './route.ts'

export const listGlass: Handler = async ({ administration }, request) => {
  const glass = await administration.listGlass(actorOf(request))
  return { status: 200, json: { glass } satisfies GlassAnswer }
}

export const requestGlass: Handler = async ({ administration }, request) => {
  const { task, ...wish } = parseBody(glassBody, request.body)
  const approval = await administration.requestGlass(actorOf(request), { ...wish, task: task as TaskId })
  return { status: 201, json: { approval } satisfies ApprovalAnswer }
}

export const endGlass: Handler = async ({ administration }, request) => {
  parseBody(emptyBody, request.body ?? {})
  const approval = await administration.endGlass(actorOf(request), request.params['id'] as ApprovalId)
  return { status: 200, json: { approval } satisfies ApprovalAnswer }
}

export const reviewGlass: Handler = async ({ administration }, request) => {
  const { comment } = parseBody(reviewGlassBody, request.body)
  const id = request.params['id'] as ApprovalId
  const report = await administration.reviewGlass(actorOf(request), { id, comment })
  return { status: 200, json: { glass: [report] } satisfies GlassAnswer }
}
