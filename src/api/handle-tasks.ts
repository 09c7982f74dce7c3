import type { TaskId } from '../core/ids.ts'
import type { TaskRequest } from '../gate/administration.ts'
import {
  createTaskBody,
  type IssuedTaskAnswer,
  listTasksQuery,
  revokeTaskBody,
  type TaskAnswer,
  type TasksAnswer,
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
  const task = await administration.getTask(actorOf(request), request.params['id'] as TaskId)
  return { status: 200, json: { task } satisfies TaskAnswer }
}

export const revokeTask: Handler = async ({ administration }, request) => {
  const { reason } = parseBody(revokeTaskBody, request.body)
  const task = await administration.revokeTask(actorOf(request), request.params['id'] as TaskId, reason)
  return { status: 200, json: { task } satisfies TaskAnswer }
}

/** A parsed body never holds `undefined`, since JSON has none; its type says that it may. */
function withoutUndefined(body: object): TaskRequest {
  return body as TaskRequest
}
