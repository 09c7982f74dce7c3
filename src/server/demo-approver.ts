import type { DemoApproverAnswer } from '../api/contract.ts'
import { RemitError } from '../core/errors.ts'
import type { HumanId, TaskId, TenantId } from '../core/ids.ts'
import type { Human, Task } from '../core/identity.ts'
import type { Actor } from '../gate/administration.ts'
import type { TaskStore } from '../identity/task-store.ts'
import { newApproverCode } from './approver-code.ts'
import type { ActorAuthenticator } from './authenticate-actor.ts'
import type { RecordLifecycle } from './lifecycle-records.ts'

/** Workflow whose tasks the demo's approver may be bound to. */
export const DEMO_WORKFLOW = 'demo'

export interface DemoApproverDeps {
  readonly tenant: TenantId
  readonly tasks: TaskStore
  readonly actors: ActorAuthenticator
  readonly record: RecordLifecycle
}

/**
 * Makes an approver who can decide approvals of one demo task and nothing else, kept in memory only. It lets
 * `npm run demo` show a decision without knowing a real approver's code, and exists under `--demo` only.
 */
export function createDemoApprover(
  deps: DemoApproverDeps,
): (actor: Actor, task: TaskId) => Promise<DemoApproverAnswer> {
  const human = demoMaintainer(deps.tenant)
  return async (actor, id) => {
    const task = await deps.tasks.get(deps.tenant, id)
    if (task === undefined)
      throw new RemitError('task_not_found', `no task \`${id}\`; see \`remit task list\``)
    if (task.workflow !== DEMO_WORKFLOW) {
      throw new RemitError(
        'role_missing',
        `a demo approver is for tasks of the workflow \`${DEMO_WORKFLOW}\` only`,
      )
    }
    const code = newApproverCode()
    await deps.record('approver.added', { human: human.id, task: id, demo: true }, { actor: actor.human.id })
    deps.actors.addTemporary(code, human, id)
    const notice = 'an approver of this one task that exists only in demo mode'
    return { human: human.id, task: id, code, notice }
  }
}

/** Whom the demo may call for its own tasks, without enrolling them. */
export function demoGuests({ workflow, tenant }: Task): readonly Human[] {
  return workflow === DEMO_WORKFLOW ? [demoMaintainer(tenant)] : []
}

function demoMaintainer(tenant: TenantId): Human {
  return { tenant, id: 'demo-maintainer' as HumanId, teams: [], roles: ['maintainer'] }
}
