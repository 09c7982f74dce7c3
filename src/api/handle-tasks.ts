import type { TaskId } from '../core/ids.ts'
import type { TaskRequest } from '../gate/administration.ts'
import {
  createTaskBody,
  emptyBody,
  type IssuedTaskAnswer,
  listTasksQuery,
  renewTaskBody,
  revokeTaskBody,
  type TaskAnswer,
  type TasksAnswer,
  tokenBody,
  type TaskTreeAnswer,
} from './contract.ts'
import { actorOf, type Handler, parseBody, parseQuery } from './route.ts'

export const createTask: Handler = async ({ administration }, request) => {
  const body = parseBody(createTaskBody, request.body)
  const issued = await administration.createTask(actorOf(request), withoutUndefined(body))
  return { status: 201, json: issued satisfies IssuedTaskAnswer }
}

export const listTasks: Handler = async ({ administration }, request) => {
  const { limit } = parseQuery(listTasksQuery, request.query)
  const tasks = await administration.listTasks(actorOf(request), limit)
  return { status: 200, json: { tasks } satisfies TasksAnswer }
}

export const showTask: Handler = async ({ administration }, request) => {
  const id = request.params['id'] as TaskId
  const task = await administration.getTask(actorOf(request), id)
  const flag = await administration.flagOf(actorOf(request), id)
  return { status: 200, json: { task, ...(flag === undefined ? {} : { flag }) } satisfies TaskAnswer }
}

export const revokeTask: Handler = async ({ administration }, request) => {
  const { reason } = parseBody(revokeTaskBody, request.body)
  const task = await administration.revokeTask(actorOf(request), request.params['id'] as TaskId, reason)
  return { status: 200, json: { task } satisfies TaskAnswer }
}

export const completeTask: Handler = async ({ administration }, request) => {
  parseBody(emptyBody, request.body ?? {})
  const task = await administration.completeTask(actorOf(request), request.params['id'] as TaskId)
  return { status: 200, json: { task } satisfies TaskAnswer }
}

export const renewTask: Handler = async ({ administration }, request) => {
  const { lifetime } = parseBody(renewTaskBody, request.body ?? {})
  const id = request.params['id'] as TaskId
  const issued = await administration.renewTask(actorOf(request), id, lifetime)
  return { status: 200, json: issued satisfies IssuedTaskAnswer }
}

export const issueToken: Handler = async ({ administration }, request) => {
  const wish = parseBody(tokenBody, request.body ?? {})
  const issued = await administration.issueToken(actorOf(request), request.params['id'] as TaskId, wish)
  return { status: 200, json: issued satisfies IssuedTaskAnswer }
}

export const showTaskTree: Handler = async ({ administration }, request) => {
  const tree = await administration.taskTree(actorOf(request), request.params['id'] as TaskId)
  return { status: 200, json: { tree } satisfies TaskTreeAnswer }
}

/** A parsed body never holds `undefined`, since JSON has none; its type says that it may. */
function withoutUndefined(body: object): TaskRequest {
  return body as TaskRequest
}
