import { parentPort, workerData } from 'node:worker_threads'
import { type ReplayBatch, ReplayWork, type ReplayOrder } from './replay-work.ts'

/** What the thread says: a batch is done, or (asked to `end`) what it counted. */
export type FromReplayThread = 'done' | ReplayWork['tally']
export type ToReplayThread = ReplayBatch | 'end'

const work = new ReplayWork(workerData as ReplayOrder)

parentPort?.on('message', (message: ToReplayThread) => {
  if (message !== 'end') work.play(message)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  parentPort?.postMessage((message === 'end' ? work.tally : 'done') satisfies FromReplayThread)
  if (message === 'end') parentPort?.close()
})
