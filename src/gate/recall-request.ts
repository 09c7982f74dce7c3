import type { StoredRecord } from '../audit/record-reader.ts'
import { NO_HISTORY, type Facts } from '../core/facts.ts'
import type { TaskId, TenantId } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'
import type { LoopState } from '../core/loop.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { TaskStore } from '../identity/task-store.ts'
import type { DecisionRequest } from '../policy/policy-set.ts'

/**
 * What policy was asked, from the record of its answer and the tasks that the record names: operations, facts,
 * teams and roles are those of then.
 * @returns what is missing, in words, where the request cannot be put together any more.
 */
export async function recallRequest(
  tasks: Pick<TaskStore, 'get'>,
  { envelope, detail }: StoredRecord,
): Promise<DecisionRequest | string> {
  const { identity } = envelope
  if (identity === undefined) return 'its record names no task'
  const { operations, facts, human } = detail ?? {}
  if (operations === undefined || facts === undefined || human === undefined) {
    return 'the erasable part of its record, which holds operations and facts, is gone'
  }
  if (operations.length === 0) return 'the call was classified as doing nothing, so no policy was asked'
  const tenant = envelope.tenant as TenantId
  const chain = await loadChain(tasks, tenant, identity.task as TaskId)
  if (chain === undefined) return `its task \`${identity.task}\`, or one above it, is not in the store`
  const who = { tenant, id: chain.task.human, teams: human.teams, roles: human.roles }
  return { chain: provedThen(chain, identity.environment), human: who, operations, facts: completed(facts) }
}

/** Facts that were not kept when the record was made say what they would have said then. */
function completed(facts: Omit<Facts, 'loop'> & { readonly loop?: LoopState }): Facts {
  return { loop: 'none', ...facts, history: { ...NO_HISTORY, ...facts.history } }
}

/** Where the task counted as running may have been proved for this call only. */
function provedThen(
  { task, ancestors }: TaskChain,
  { claimed, proved }: { readonly claimed: TaskChain['task']['environment']; readonly proved: boolean },
): TaskChain {
  return { task: { ...task, environment: claimed, environmentProved: proved }, ancestors }
}
