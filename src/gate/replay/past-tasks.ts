import type { StoredRecord } from '../../audit/record-reader.ts'
import type { HumanId, TaskId, TenantId } from '../../core/ids.ts'
import type { Task, TaskChain, TaskOrigin } from '../../core/identity.ts'

const ORIGINS: ReadonlySet<string> = new Set<TaskOrigin>([
  'human-session',
  'workload',
  'stored-credential',
  'parent-task',
  'evaluation',
])

/**
 * A task as the record of its making tells of it: whatever policies read of a task, which never changes. Its limits stand
 * as none, since `facts.outside` of each decision says what they came to. Undefined = it is no such record, or was erased.
 */
export function taskOfRecord({
  envelope,
  detail,
}: Pick<StoredRecord, 'envelope' | 'detail'>): Task | undefined {
  const { identity, data, kind, tenant } = envelope
  const origin = data?.['origin']
  if (kind !== 'task.created' || identity === undefined || detail?.intent === undefined) return undefined
  if (typeof origin !== 'string' || !ORIGINS.has(origin)) return undefined
  const parent = identity.chain.at(-2)
  return {
    tenant: tenant as TenantId,
    id: identity.task as TaskId,
    human: identity.human as HumanId,
    agent: identity.agent,
    workflow: identity.workflow,
    intent: detail.intent,
    scope: {},
    environment: identity.environment.claimed,
    environmentProved: identity.environment.proved,
    budget: {},
    origin: origin as TaskOrigin,
    created: 0,
    expires: 0,
    ...(parent === undefined ? {} : { parent: parent as TaskId }),
  }
}

/** @param ids from the root to the acting task. Undefined = one of them is not known. */
export function chainOf(tasks: ReadonlyMap<string, Task>, ids: readonly string[]): TaskChain | undefined {
  const chain = ids.toReversed().map((id) => tasks.get(id))
  const [task, ...ancestors] = chain
  if (task === undefined || ancestors.includes(undefined)) return undefined
  return { task, ancestors: ancestors.filter((each) => each !== undefined) }
}
