import { RemitError } from '../core/errors.ts'
import type { Task } from '../core/identity.ts'
import type { AdministrationDeps } from './administration-deps.ts'

/**
 * A task that the credential on disk makes, within what that may delegate: whoever can read the disk could make it.
 * @param lifetime what was asked for in milliseconds; absent = whatever is allowed.
 * @throws RemitError `scope_wider`.
 */
export function checkStoredCredential(
  deps: Pick<AdministrationDeps, 'storedCredential'>,
  task: Task,
  lifetime: number | undefined,
): Task {
  const limits = deps.storedCredential
  if (limits === undefined) return task
  if (limits.workflows?.includes(task.workflow) === false) {
    throw wider(`no task of \`${task.workflow}\` (only of ${limits.workflows.join(', ') || 'none'})`)
  }
  if (!limits.environments.includes(task.environment)) {
    throw wider(`no task in \`${task.environment}\` (only in ${limits.environments.join(', ') || 'none'})`)
  }
  if (lifetime !== undefined && lifetime > limits.maxLifetime) {
    throw wider(`no task that lives longer than ${Math.floor(limits.maxLifetime / 1_000)} s`)
  }
  return { ...task, expires: Math.min(task.expires, task.created + limits.maxLifetime) }
}

function wider(what: string): RemitError {
  return new RemitError(
    'scope_wider',
    `the credential on disk may make ${what}; use an approver code (\`--approver\`), or see \`storedCredential\` in remit.yaml`,
  )
}
