import { parentPort, workerData } from 'node:worker_threads'
import type { ParseJob } from './parse-job.ts'
import { runParseJob } from './run-parse-job.ts'

// One job, one thread: an instance of the wasm that has thrown answers wrongly from then on, so none is kept.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(runParseJob(workerData as ParseJob))
