import type { StoredRecord } from '../../audit/record-reader.ts'
import { NO_HISTORY, type Facts } from '../../core/facts.ts'
import type { TenantId } from '../../core/ids.ts'
import type { TaskChain } from '../../core/identity.ts'
import type { LoopState } from '../../core/loop.ts'
import type { DecisionRequest } from '../../policy/policy-set.ts'

/** What stops a decision from being made again. */
export type Unrepeatable = 'no-task' | 'erased' | 'empty'

/**
 * What policy was asked, from the record of its answer: operations, facts, teams and roles are those of then.
 * @param chain the tasks that the record names, nearest first; undefined = not known any more.
 */
export function requestOfRecord(
  { envelope, detail }: Pick<StoredRecord, 'envelope' | 'detail'>,
  chain: TaskChain | undefined,
): DecisionRequest | Unrepeatable {
  const { identity } = envelope
  const { operations, facts, human } = detail ?? {}
  if (operations === undefined || facts === undefined || human === undefined) return 'erased'
  if (operations.length === 0) return 'empty'
  if (identity === undefined || chain === undefined) return 'no-task'
  const who = {
    tenant: envelope.tenant as TenantId,
    id: chain.task.human,
    teams: human.teams,
    roles: human.roles,
  }
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
