import { formatSources, printPolicies, readPolicies } from './print-policies.ts'
import type { PolicyWork, WorkKind } from './policy-work.ts'
import { runParseJob } from './run-parse-job.ts'

const WORK: { readonly [K in WorkKind]: (job: PolicyWork[K]['job']) => PolicyWork[K]['result'] } = {
  parse: runParseJob,
  format: formatSources,
  read: readPolicies,
  print: printPolicies,
}

/** Loads the wasm engine into this thread, which is of no use once the engine has thrown. */
export function doPolicyWork<K extends WorkKind>(
  kind: K,
  job: PolicyWork[K]['job'],
): PolicyWork[K]['result'] {
  return WORK[kind](job)
}
