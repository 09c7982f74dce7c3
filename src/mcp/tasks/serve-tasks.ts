import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { DoorContext } from '../door-context.ts'
import type { Exchange } from '../exchange.ts'
import { streamAsker } from '../server-question.ts'
import { UpstreamRpcError } from '../upstream.ts'
import { awaitPoll } from './await-poll.ts'
import { coreState } from './core-state.ts'
import { detailedTask } from './detailed-task.ts'
import { findRunning, findTask } from './find-task.ts'
import type { OpenTask, ShownTask } from './open-task.ts'
import { coreTask, hasEnded } from './task-shape.ts'

const DONE: JsonObject = {}
const RELATED = 'io.modelcontextprotocol/related-task'

/** `tasks/get` of both protocols. @throws RemitError `params_invalid`, `capability_missing`, `task_halted`, `upstream_*`. */
export async function getTask(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const task = findRunning(door, exchange)
  const shown = await task.look(exchange, undefined)
  if (exchange.claim.era === 'legacy') return coreTask(task.id, coreState(shown))
  return detailedTask(task, shown)
}

/** `tasks/update`: the client's answers to what the server asks. */
export async function updateTask(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const task = findRunning(door, exchange)
  const { inputResponses } = exchange.params
  if (!isJsonObject(inputResponses)) {
    throw new RemitError('params_invalid', '`inputResponses` must hold the answers by their keys')
  }
  await task.respond(inputResponses)
  return DONE
}

/** `tasks/cancel`: 2025-11-25 wants the task itself, and an error when it has ended. */
export async function cancelTask(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const task = findTask(door, exchange)
  const { era } = exchange.claim
  if (era === 'legacy' && task.ended) throw new RemitError('params_invalid', 'the task has ended already')
  await task.cancel()
  const { state } = await task.look(exchange, undefined)
  return era === 'modern' ? DONE : coreTask(task.id, state)
}

/** `tasks/list` (2025-11-25): those of this Remit task, begun at this endpoint, on one page. */
export function listTasks(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const own = door.tasks.of(exchange.caller.chain.task.id, exchange.naming.endpoint)
  return Promise.resolve({ tasks: own.map(({ task }) => coreTask(task.id, task.state)) })
}

/** `tasks/result` (2025-11-25): waits for the end; what the server asks meanwhile goes out on this stream. */
export async function awaitTaskResult(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const task = findRunning(door, exchange)
  const ask = streamAsker(door, exchange)
  for (;;) {
    const shown = await task.look(exchange, ask)
    if (hasEnded(shown.state)) return resultOf(task, shown)
    if (exchange.reply.stream()) exchange.reply.comment()
    await awaitPoll(shown.state, exchange.signal)
  }
}

/** @throws UpstreamRpcError with which the task failed. */
function resultOf(task: OpenTask, { state, result, error }: ShownTask): JsonObject {
  if (error !== undefined) throw new UpstreamRpcError(error.code, error.message)
  if (result === undefined) {
    const why = state.statusMessage === undefined ? '' : ` (${state.statusMessage})`
    throw new RemitError('params_invalid', `the task was cancelled${why}; it has no result`)
  }
  const meta = result['_meta']
  return { ...result, _meta: { ...(isJsonObject(meta) ? meta : {}), [RELATED]: { taskId: task.id } } }
}
