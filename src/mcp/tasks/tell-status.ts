import type { DoorContext } from '../door-context.ts'
import type { Exchange } from '../exchange.ts'
import { coreState } from './core-state.ts'
import { stillFollowing } from './follow-task.ts'
import type { OpenTask } from './open-task.ts'
import { coreTask } from './task-shape.ts'

/**
 * `notifications/tasks/status` (2025-11-25): tells the client's session, while it has a stream, what `tasks/get` would
 * answer whenever the gateway learns that it is something new. Nothing is told once the token is no longer good, or what
 * the task runs on is stopped.
 */
export function tellStatus(door: DoorContext, exchange: Exchange, task: OpenTask): void {
  const { session } = exchange
  if (session === undefined) return
  let told = newsOf(task)
  const tell = async (): Promise<void> => {
    const news = newsOf(task)
    if (news === told) return
    told = news
    if (session.stream === undefined) return
    await stillFollowing(door, exchange, task)
    session.stream?.notify('notifications/tasks/status', coreTask(task.id, coreState(task.last)))
  }
  let turn = Promise.resolve()
  const forget = task.onChange(() => {
    turn = turn.then(tell).catch(() => {})
    if (task.ended) forget()
  })
}

/** Times alone are no news. */
function newsOf(task: OpenTask): string {
  const { status, statusMessage } = coreState(task.last)
  return JSON.stringify([status, statusMessage])
}
