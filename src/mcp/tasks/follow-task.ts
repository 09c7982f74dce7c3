import { RemitError } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { DoorContext } from '../door-context.ts'
import type { Exchange } from '../exchange.ts'
import { identifyAgain } from '../identify-request.ts'
import { awaitPoll } from './await-poll.ts'
import { detailedTask } from './detailed-task.ts'
import { findRunning } from './find-task.ts'
import type { OpenTask, ShownTask } from './open-task.ts'

/** Of the ids that a client wants to hear of, its own that are kept here; the others are not acknowledged. */
export function followable(door: DoorContext, exchange: Exchange, taskIds: Json): readonly OpenTask[] {
  if (!Array.isArray(taskIds)) throw new RemitError('params_invalid', '`taskIds` must be an array')
  return [...new Set<Json>(taskIds)].flatMap((taskId) => {
    try {
      return [findRunning(door, { ...exchange, params: { taskId } })]
    } catch {
      return []
    }
  })
}

/**
 * Looks at a task for a client that listens instead of polling, as often as its server wants, and tells what is new in
 * `notifications/tasks`, until it has ended. What its server asks meanwhile is decided on the listening request.
 * @param listening the request, whose signal aborts when its stream is closed.
 * @param tell false = it could not be written now, so it is told later.
 * @throws the signal's reason; RemitError when the client may not follow it any more.
 */
export async function followTask(
  door: DoorContext,
  listening: Exchange,
  { task, tell }: { readonly task: OpenTask; readonly tell: (params: JsonObject) => boolean },
): Promise<void> {
  const { signal } = listening
  // The client was told so when it was given the task.
  let told = newsOf({ state: { ...task.state, status: 'working' } })
  for (;;) {
    const shown = await look(await stillFollowing(door, listening, task), task)
    await stillFollowing(door, listening, task)
    signal.throwIfAborted()
    if (shown !== undefined) {
      const news = newsOf(shown)
      const isTold = news === told || tell(detailedTask(task, shown))
      if (isTold) told = news
      if (isTold && task.ended) return
    }
    await awaitPoll(task.state, signal, task.onChange)
  }
}

/** Undefined = the server did not answer; a later look tells. */
async function look(exchange: Exchange, task: OpenTask): Promise<ShownTask | undefined> {
  try {
    return await task.look(exchange, undefined)
  } catch {
    return undefined
  }
}

/** @throws RemitError when its token is no longer good, or the task is stopped or gone: then nothing more is told. */
export async function stillFollowing(
  door: DoorContext,
  listening: Exchange,
  task: OpenTask,
): Promise<Exchange> {
  const caller = await identifyAgain(door, listening.request, listening.caller)
  const now = { ...listening, caller, params: { taskId: task.id } }
  findRunning(door, now)
  return now
}

/** What a client would want to hear of; times alone are no news. */
function newsOf({ state: { status, statusMessage }, inputRequests = {} }: ShownTask): string {
  return JSON.stringify([status, statusMessage, Object.keys(inputRequests)])
}
