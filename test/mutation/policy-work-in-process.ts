import { doPolicyWork } from '../../src/policy/do-policy-work.ts'
import type { PolicyWork, WorkKind } from '../../src/policy/policy-work.ts'

/**
 * Takes the place of `run-policy-worker.ts` while mutants are tested: a thread of its own would cost half a second
 * for each mutant, and no mutant is active in it.
 */
export async function runPolicyWorker<K extends WorkKind>(
  kind: K,
  job: PolicyWork[K]['job'],
): Promise<PolicyWork[K]['result']> {
  // As a thread that starts would.
  process.emit('worker', undefined as never)
  return structuredClone(doPolicyWork(kind, job))
}
