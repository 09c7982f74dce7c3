import { RemitError } from '../core/errors.ts'
import { newId, type TaskId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import { RECORD_VERSION, type NewRecord } from '../core/record.ts'
import { makeTask } from '../identity/make-task.ts'
import type { Actor, IssuedTask, TaskRequest } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { identityOf } from './build-records.ts'

/** The agent of a task whose creator named none. */
const ANY_AGENT = { id: 'unnamed', kind: 'unknown' }

/** A root task: made by a human, or by the laptop's stored credential and recorded as such. */
export async function createTask(
  deps: AdministrationDeps,
  actor: Actor,
  request: TaskRequest,
): Promise<IssuedTask> {
  const template = deps.workflows.get(request.workflow)
  if (template === undefined) {
    const known = [...deps.workflows.keys()].map((name) => `\`${name}\``).join(', ')
    throw new RemitError(
      'input_invalid',
      `no workflow \`${request.workflow}\`; the configured ones are ${known}`,
    )
  }
  const { tenant } = deps.settings
  const task = makeTask(
    { ...request, agent: request.agent ?? ANY_AGENT },
    {
      template,
      human: actor.human.id,
      tenant,
      id: newId('tsk', deps.entropy.bytes(16)) as TaskId,
      now: deps.clock.now(),
      origin: actor.credential === 'approver' ? 'human-session' : 'stored-credential',
    },
  )
  await deps.journal.commit({
    records: [taskRecord(deps, task, { kind: 'task.created', actor })],
    changes: [{ kind: 'insert-task', task }],
  })
  return { task, token: await deps.mintToken({ task, ancestors: [] }), url: deps.mcpUrl }
}

/** One row ends the task and everything below it, since every call asks for the whole chain. */
export async function revokeTask(
  deps: AdministrationDeps,
  actor: Actor,
  id: TaskId,
  reason: string,
): Promise<Task> {
  const task = await getTask(deps, id)
  if (task.revoked !== undefined) return task
  const revoked = { at: deps.clock.now(), by: actor.human.id, reason }
  await deps.journal.commit({
    records: [taskRecord(deps, task, { kind: 'task.revoked', actor, comment: reason })],
    changes: [{ kind: 'revoke-task', tenant: task.tenant, task: id, ...revoked }],
  })
  deps.events.listChanged()
  return { ...task, revoked }
}

export async function getTask(deps: AdministrationDeps, id: TaskId): Promise<Task> {
  const task = await deps.tasks.get(deps.settings.tenant, id)
  if (task === undefined) throw new RemitError('task_not_found', `no task \`${id}\`; see \`remit task list\``)
  return task
}

function taskRecord(
  deps: AdministrationDeps,
  task: Task,
  step: {
    readonly kind: 'task.created' | 'task.revoked'
    readonly actor: Actor
    readonly comment?: string
  },
): NewRecord {
  const { kind, actor, comment } = step
  return {
    envelope: {
      v: RECORD_VERSION,
      kind,
      id: task.id,
      tenant: task.tenant,
      at: new Date(deps.clock.now()).toISOString(),
      identity: identityOf({ task, ancestors: [] }),
      protection: deps.settings.protection,
      actor: actor.human.id,
      data: {
        credential: actor.credential,
        expires: new Date(task.expires).toISOString(),
        origin: task.origin,
      },
    },
    detail: {
      intent: task.intent,
      data: { scope: task.scope, budget: { ...task.budget }, workspace: task.workspace ?? null },
      ...(comment === undefined ? {} : { comment }),
    },
  }
}
