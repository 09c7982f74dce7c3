import { RemitError } from '../../core/errors.ts'
import { haltOf } from '../../core/standing.ts'
import { haltedError } from '../../gate/identify.ts'
import type { DoorContext } from '../door-context.ts'
import type { Exchange } from '../exchange.ts'
import type { OpenTask } from './open-task.ts'
import { declaresTasks, tasksMissing } from './task-plan.ts'

/**
 * The same, to be followed: of a server that is stopped nothing more is told.
 * @throws RemitError also `task_halted`.
 */
export function findRunning(door: DoorContext, exchange: Exchange): OpenTask {
  const task = findTask(door, exchange)
  const { standing, chain } = exchange.caller
  const halt = haltOf(standing, chain, task.run.allowed.mediation.call.server)
  if (halt !== undefined) throw haltedError(halt)
  return task
}

/**
 * The task of this very Remit task and endpoint that the request names. One of somebody else is answered as if it
 * never was. Following a task is no new decision: it was decided with the call.
 * @throws RemitError `params_invalid`, `capability_missing`.
 */
export function findTask(door: DoorContext, exchange: Exchange): OpenTask {
  if (exchange.claim.era === 'modern' && !declaresTasks(exchange.claim)) throw tasksMissing()
  const { taskId } = exchange.params
  const by = { task: exchange.caller.chain.task.id, endpoint: exchange.naming.endpoint }
  const handle = door.taskHandles.open(taskId, by)
  if (handle === undefined) throw new RemitError('params_invalid', 'there is no such task')
  const task = typeof taskId === 'string' ? door.tasks.get(taskId) : undefined
  if (task !== undefined) return task
  throw new RemitError(
    'params_invalid',
    `the task of \`${handle.server}\` is not kept here any more: its time is over, the gateway was started anew, or another replica keeps it; look at what it did (\`${handle.decision}\`) before the call is made again`,
  )
}
