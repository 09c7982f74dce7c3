import { Worker } from 'node:worker_threads'
import { RemitError } from '../core/errors.ts'
import type { PolicyWork, WorkKind } from './policy-work.ts'

/** Loading 2,000 policies takes seconds; a minute means that something hangs. */
const TIMEOUT = 60_000

// The compiler rewrites import paths, not this one: sources run as .ts, the package as .js.
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './policy-worker.ts' : './policy-worker.js',
  import.meta.url,
)

/**
 * Works in a thread that is thrown away afterwards, so that a crash of the wasm engine harms nothing.
 * @throws RemitError `policy_engine_failed` when the thread dies or hangs.
 */
export function runPolicyWorker<K extends WorkKind>(
  kind: K,
  job: PolicyWork[K]['job'],
): Promise<PolicyWork[K]['result']> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: { kind, job } })
    const fail = (detail: string, cause?: unknown): void => {
      reject(
        new RemitError(
          'policy_engine_failed',
          'the policy engine crashed while it read the policies; simplify the newest one',
          {
            detail,
            cause,
          },
        ),
      )
      void worker.terminate()
    }
    const timer = setTimeout(() => fail(`no answer in ${TIMEOUT} ms`), TIMEOUT)
    worker.once('message', (result: PolicyWork[K]['result']) => {
      resolve(result)
      void worker.terminate()
    })
    worker.once('error', (error: unknown) => fail(String(error), error))
    worker.once('exit', (code) => {
      clearTimeout(timer)
      fail(`exit code ${code}`)
    })
  })
}
