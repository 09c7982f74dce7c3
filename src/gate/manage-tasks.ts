import { RemitError } from '../core/errors.ts'
import { newId, type TaskId } from '../core/ids.ts'
import { taskState, type Task, type TaskChain } from '../core/identity.ts'
import { haltOf } from '../core/standing.ts'
import { makeTask } from '../identity/make-task.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { WorkflowTemplate } from '../identity/workflow.ts'
import type { Actor, IssuedTask, TaskRequest } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { asBoxed } from './boxed-task.ts'
import { haltedError } from './identify.ts'
import { reachesTask } from './reach.ts'
import { checkStoredCredential } from './stored-credential.ts'
import { taskRecord } from './task-records.ts'

/** The agent of a task whose creator named none. */
export const ANY_AGENT = { id: 'unnamed', kind: 'unknown' }

/** Times that a change of a task is tried again when something was revoked or stopped meanwhile. */
const ATTEMPTS = 4

/** A root task: made by a human, or by the laptop's stored credential and recorded as such. */
export async function createTask(
  deps: AdministrationDeps,
  actor: Actor,
  request: TaskRequest,
): Promise<IssuedTask> {
  const template = templateOf(deps, request.workflow)
  const { tenant } = deps.settings
  const made = makeTask(
    { ...request, agent: request.agent ?? ANY_AGENT },
    {
      template,
      human: actor.human.id,
      teams: actor.human.teams,
      tenant,
      id: newId('tsk', deps.entropy.bytes(16)) as TaskId,
      now: deps.clock.now(),
      origin: actor.credential === 'approver' ? 'human-session' : 'stored-credential',
    },
  )
  const placed = request.boxed === true ? asBoxed(deps, actor, made) : made
  const task = actor.credential === 'stored' ? checkStoredCredential(deps, placed, request.lifetime) : placed
  const chain = { task, ancestors: [] }
  await whileStanding(deps, async (revision) => {
    const halt = haltOf(await deps.tasks.standing(tenant), chain)
    if (halt !== undefined) throw haltedError(halt)
    const { human, credential, assertion } = actor
    return deps.journal.commit({
      records: [taskRecord(deps, chain, { kind: 'task.created', actor: human.id, credential, assertion })],
      changes: [
        { kind: 'expect-standing', tenant, revision },
        { kind: 'insert-task', task },
      ],
    })
  })
  return { task, token: await deps.mintToken(chain), url: deps.mcpUrl }
}

/**
 * Tries a change with the newest revision until nothing that ends authority came between.
 * @throws RemitError `overloaded`.
 */
export async function whileStanding(
  deps: Pick<AdministrationDeps, 'tasks' | 'settings'>,
  commit: (revision: number) => Promise<'committed' | 'conflict'>,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { revision } = await deps.tasks.standing(deps.settings.tenant)
    if ((await commit(revision)) === 'committed') return
  }
  throw new RemitError('overloaded', 'something changes all the time; try again')
}

export function templateOf(deps: AdministrationDeps, workflow: string): WorkflowTemplate {
  const template = deps.workflows.get(workflow)
  if (template !== undefined) return template
  const known = [...deps.workflows.keys()].map((name) => `\`${name}\``).join(', ')
  throw new RemitError('input_invalid', `no workflow \`${workflow}\`; the configured ones are ${known}`)
}

/** One row ends the task and everything below it, since every call asks for the whole chain. */
export async function revokeTask(
  deps: AdministrationDeps,
  actor: Actor,
  id: TaskId,
  reason: string,
): Promise<Task> {
  const { task, ancestors } = await chainInReach(deps, actor, id)
  if (task.revoked !== undefined) return task
  const { human, credential } = actor
  const revoked = { at: deps.clock.now(), by: human.id, reason }
  const step = { kind: 'task.revoked', actor: human.id, credential, comment: reason } as const
  await deps.journal.commit({
    records: [taskRecord(deps, { task, ancestors }, step)],
    changes: [{ kind: 'revoke-task', tenant: task.tenant, task: id, ...revoked }],
  })
  deps.events.authorityEnded()
  return { ...task, revoked }
}

/** Its work is done: nothing more is allowed to it or below it. */
export async function completeTask(deps: AdministrationDeps, actor: Actor, id: TaskId): Promise<Task> {
  const { task, ancestors } = await chainInReach(deps, actor, id)
  if (taskState(task, deps.clock.now()) !== 'active') return task
  const { human, credential } = actor
  const completed = { at: deps.clock.now(), by: human.id }
  await deps.journal.commit({
    records: [taskRecord(deps, { task, ancestors }, { kind: 'task.completed', actor: human.id, credential })],
    changes: [{ kind: 'complete-task', tenant: task.tenant, task: id, ...completed }],
  })
  deps.events.authorityEnded()
  return { ...task, completed }
}

/** @throws RemitError `task_not_found` also for a task of somebody else that is not for this actor to see. */
export async function getTask(deps: AdministrationDeps, actor: Actor, id: TaskId): Promise<Task> {
  const task = await deps.tasks.get(deps.settings.tenant, id)
  if (task === undefined || !reachesTask(actor, { task: id, human: task.human })) throw notFound(id)
  return task
}

/** @throws RemitError `task_not_found` also for a task of somebody else that is not for this actor to see. */
export async function chainInReach(deps: AdministrationDeps, actor: Actor, id: TaskId): Promise<TaskChain> {
  const chain = await getChain(deps, id)
  if (!reachesTask(actor, { task: id, human: chain.task.human })) throw notFound(id)
  return chain
}

/** @throws RemitError `task_not_found` also for a task that cannot be traced to its root. */
export async function getChain(deps: AdministrationDeps, id: TaskId): Promise<TaskChain> {
  const chain = await loadChain(deps.tasks, deps.settings.tenant, id)
  if (chain === undefined) throw notFound(id)
  return chain
}

function notFound(id: TaskId): RemitError {
  return new RemitError('task_not_found', `no task \`${id}\`; see \`remit task list\``)
}
