import { RemitError } from '../core/errors.ts'
import type { TaskId } from '../core/ids.ts'
import { taskState, type TaskChain } from '../core/identity.ts'
import { haltOf } from '../core/standing.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { Actor, IssuedTask, TaskRequest } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { bindHolder } from './hold-task.ts'
import { haltedError, knownHuman, requireActive } from './identify.ts'
import { createTask } from './manage-tasks.ts'
import { taskRecord } from './task-records.ts'

/** What the authorization server may do with tasks: the grants that it keeps are tasks, and the task is the truth. */
export interface OAuthTasks {
  create(actor: Actor, request: TaskRequest): Promise<IssuedTask>
  /** @throws RemitError `task_unknown`, `task_revoked`, `task_expired`, `task_completed`, `task_halted`. */
  standing(id: TaskId): Promise<TaskChain>
  /**
   * The task in the hands of the key or certificate that was shown at the token endpoint.
   * @throws RemitError `token_invalid` where another key has it, `input_invalid` where the key holds a task above it.
   */
  hold(chain: TaskChain, key: string): Promise<TaskChain>
  /** Somebody used a code or a refresh token again, or gave its token back: nothing of the task is good any more. */
  end(id: TaskId, reason: string): Promise<void>
}

export function createOAuthTasks(deps: AdministrationDeps): OAuthTasks {
  return {
    create: (actor, request) => createTask(deps, actor, request),
    async standing(id) {
      const standing = await deps.tasks.standing(deps.settings.tenant)
      const chain = await loadChain(deps.tasks, deps.settings.tenant, id)
      if (chain === undefined || (await knownHuman(deps, chain.task, standing)) === undefined) {
        throw new RemitError('task_unknown', 'the task, or the human who delegated it, does not exist here')
      }
      requireActive(chain, deps.clock.now())
      const halt = haltOf(standing, chain)
      if (halt !== undefined) throw haltedError(halt)
      return chain
    },
    hold: (chain, key) => bindHolder(deps, chain, { key, credential: 'task-token' }),
    end: (id, reason) => endTask(deps, id, reason),
  }
}

async function endTask(deps: AdministrationDeps, id: TaskId, reason: string): Promise<void> {
  const chain = await loadChain(deps.tasks, deps.settings.tenant, id)
  if (chain === undefined || taskState(chain.task, deps.clock.now()) !== 'active') return
  const { task } = chain
  await deps.journal.commit({
    records: [
      taskRecord(deps, chain, {
        kind: 'task.revoked',
        actor: 'oauth',
        credential: 'task-token',
        comment: reason,
      }),
    ],
    changes: [
      { kind: 'revoke-task', tenant: task.tenant, task: id, at: deps.clock.now(), by: task.human, reason },
    ],
  })
  deps.events.authorityEnded()
}
