import { RemitError } from '../core/errors.ts'
import type { TaskId } from '../core/ids.ts'
import { chainState, type TaskChain } from '../core/identity.ts'
import { haltOf } from '../core/standing.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { GateDeps } from './gate-deps.ts'
import type { OpenCalls } from './open-calls.ts'

/** Cancels the calls that are out and would not be allowed any more, as far as their protocol can. */
export async function stopEndedCalls(deps: GateDeps, open: OpenCalls): Promise<void> {
  const calls = open.all()
  if (calls.length === 0) return
  const standing = await deps.tasks.standing(deps.settings.tenant)
  await deps.humans.catchUp?.(standing.revision)
  const chains = new Map<TaskId, TaskChain | undefined>()
  for (const { decided, stop } of calls) {
    const { task } = decided.caller.chain
    if (!chains.has(task.id)) chains.set(task.id, await loadChain(deps.tasks, task.tenant, task.id))
    const chain = chains.get(task.id)
    const ended =
      chain === undefined ||
      deps.humans.find(task.tenant, task.human) === undefined ||
      ['revoked', 'completed'].includes(chainState(chain, deps.clock.now()).state) ||
      haltOf(standing, chain, decided.call.server) !== undefined
    if (ended) stop.abort(new RemitError('task_halted', 'the task was ended while this call was out'))
  }
}
