import { parentPort, workerData } from 'node:worker_threads'
import { formatSources, printPolicies, readPolicies } from './print-policies.ts'
import type { PolicyWork, WorkKind } from './policy-work.ts'
import { runParseJob } from './run-parse-job.ts'

const WORK: { readonly [K in WorkKind]: (job: PolicyWork[K]['job']) => PolicyWork[K]['result'] } = {
  parse: runParseJob,
  format: formatSources,
  read: readPolicies,
  print: printPolicies,
}

// One job, one thread: an instance of the wasm that has thrown answers wrongly from then on, so none is kept.
const { kind, job } = workerData as { readonly kind: WorkKind; readonly job: never }
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(WORK[kind](job))
