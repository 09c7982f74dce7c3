import { parentPort, workerData } from 'node:worker_threads'
import { doPolicyWork } from './do-policy-work.ts'
import type { WorkKind } from './policy-work.ts'

// One job, one thread: an instance of the wasm that has thrown answers wrongly from then on, so none is kept.
const { kind, job } = workerData as { readonly kind: WorkKind; readonly job: never }
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(doPolicyWork(kind, job))
