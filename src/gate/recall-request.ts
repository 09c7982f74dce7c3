import type { StoredRecord } from '../audit/record-reader.ts'
import type { TaskId, TenantId } from '../core/ids.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { TaskStore } from '../identity/task-store.ts'
import type { DecisionRequest } from '../policy/policy-set.ts'
import { requestOfRecord } from './replay/request-of-record.ts'

/**
 * What policy was asked, from the record of its answer and the tasks that the record names.
 * @returns what is missing, in words, where the request cannot be put together any more.
 */
export async function recallRequest(
  tasks: Pick<TaskStore, 'get'>,
  record: StoredRecord,
): Promise<DecisionRequest | string> {
  const { identity, tenant } = record.envelope
  if (identity === undefined) return 'its record names no task'
  const chain = await loadChain(tasks, tenant as TenantId, identity.task as TaskId)
  const request = requestOfRecord(record, chain)
  switch (request) {
    case 'erased':
      return 'the erasable part of its record, which holds operations and facts, is gone'
    case 'empty':
      return 'the call was classified as doing nothing, so no policy was asked'
    case 'no-task':
      return `its task \`${identity.task}\`, or one above it, is not in the store`
    default:
      return request
  }
}
