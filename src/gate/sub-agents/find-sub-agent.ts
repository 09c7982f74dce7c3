import { canonicalJson } from '../../core/canonical-json.ts'
import { RemitError } from '../../core/errors.ts'
import { newId, type TaskId } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import type { SubAgent } from './sub-agent.ts'

/** Times that one sub-agent may be gone on with after its end; each is a task of its own. */
const MOST_LIVES = 100

/**
 * The task as which a sub-agent acts, as the store has it, so that any replica finds it, and after a restart.
 * @param connection the task over whose connection it is told of: the ids of another one's sub-agents mean nothing here.
 * @returns `task` undefined = it has none that has not been completed; one that is made gets `id`.
 * @throws RemitError `scope_wider`.
 */
export async function findSubAgent(
  deps: AdministrationDeps,
  connection: Task,
  told: SubAgent,
): Promise<{ readonly id: TaskId; readonly task: Task | undefined }> {
  for (let life = 0; life < MOST_LIVES; life += 1) {
    const id = idOf(deps, connection, { told, life })
    const task = await deps.tasks.get(connection.tenant, id)
    if (task?.completed === undefined) return { id, task }
  }
  throw new RemitError(
    'scope_wider',
    `the sub-agent \`${told.id}\` was gone on with ${MOST_LIVES} times; start another one`,
  )
}

/** Of two who make the same child at once, wherever, one does: there is one id for it. */
function idOf(
  { sha256 }: Pick<AdministrationDeps, 'sha256'>,
  connection: Task,
  { told, life }: { readonly told: SubAgent; readonly life: number },
): TaskId {
  const { runtime, id } = told
  const digest = sha256(canonicalJson(['sub-agent', connection.id, runtime, id, life]))
  return newId('tsk', Buffer.from(digest, 'hex').subarray(0, 16)) as TaskId
}
