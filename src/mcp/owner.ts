import type { HumanId, TaskId, TenantId } from '../core/ids.ts'
import { effectiveEnvironment, type Environment, type Task } from '../core/identity.ts'
import type { JsonObject } from '../core/json.ts'
import { extensionOf, UI_EXTENSION } from './extensions.ts'
import type { Sharing } from './upstream.ts'

/** For whom an upstream session is used: no two tasks ever share one unless its server is declared so. */
export interface Owner {
  readonly task: TaskId
  readonly human: HumanId
  readonly tenant: TenantId
  /** The one that policy sees. */
  readonly environment: Environment
  /** Questions and views that the client declared; of these a legacy server is told, when its session begins, what it may use. */
  readonly capabilities: JsonObject
}

/** Those of one server's sessions that one message concerns: what all of them have in common. */
export type Audience = Partial<Pick<Owner, 'task' | 'human' | 'tenant'>>

/** The owner for a client that can be asked, with all that a server might ask or show. */
export function askableOwner(
  task: Pick<Task, 'id' | 'human' | 'tenant' | 'environment' | 'environmentProved'>,
  declared: JsonObject,
): Owner {
  const { elicitation, sampling, roots } = declared
  const ui = extensionOf(declared, UI_EXTENSION)
  const capabilities = {
    ...(elicitation === undefined ? {} : { elicitation }),
    ...(sampling === undefined ? {} : { sampling }),
    ...(roots === undefined ? {} : { roots }),
    ...(ui === undefined ? {} : { extensions: { [UI_EXTENSION]: ui } }),
  }
  const { id, human, tenant } = task
  return { task: id, human, tenant, environment: effectiveEnvironment(task), capabilities }
}

/** Who shares a session of this owner. */
export function audienceOf({ task, human, tenant }: Owner, sharing: Sharing): Audience {
  if (sharing === 'shared') return {}
  return sharing === 'human' ? { human, tenant } : { task, human, tenant }
}

/** One for each session of a server: whoever has another one never shares it. */
export function sessionKey(owner: Owner, sharing: Sharing): string {
  const { task = '', human = '', tenant = '' } = audienceOf(owner, sharing)
  return sharing === 'task' ? task : `${tenant} ${human}`
}

/** Whom of those who share a session something is for that is one principal's: `''` where they are one and the same. */
export function principalOf({ human, tenant }: Owner, sharing: Sharing): string {
  return sharing === 'shared' ? `${tenant} ${human}` : ''
}

export function concerns({ task, human, tenant }: Audience, owner: Audience): boolean {
  return (
    (task === undefined || task === owner.task) &&
    (human === undefined || (human === owner.human && tenant === owner.tenant))
  )
}
