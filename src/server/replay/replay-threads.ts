import { Worker } from 'node:worker_threads'
import { asRemitError } from '../../core/errors.ts'
import { emptyTally, mergeTally, type ReplayTally } from '../../gate/replay/replay-tally.ts'
import type { FromReplayThread, ToReplayThread } from './replay-thread.ts'
import type { ReplayBatch, ReplayOrder } from './replay-work.ts'

// The compiler rewrites import paths, not this one: sources run as .ts, the package as .js.
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './replay-thread.ts' : './replay-thread.js',
  import.meta.url,
)
/** Batches that one thread has at a time: the next waits while it works on one. */
const AHEAD = 2

interface Thread {
  readonly worker: Worker
  waiting: number
  /** Ids of tasks that it knows. */
  readonly told: Set<string>
}

/** Threads that share batches of records among them. */
export class ReplayThreads {
  readonly #threads: readonly Thread[]
  #wake: (() => void) | undefined
  #failed: Error | undefined
  readonly #tallies: ReplayTally[] = []

  constructor(order: ReplayOrder, count: number) {
    this.#threads = Array.from({ length: count }, () => this.#start(order))
  }

  /** The thread that gets the next batch, once one has room. @throws RemitError `internal` when one died. */
  async free(): Promise<Thread> {
    for (;;) {
      if (this.#failed !== undefined) throw asRemitError(this.#failed)
      const [idle] = this.#threads.toSorted((a, b) => a.waiting - b.waiting)
      if (idle !== undefined && idle.waiting < AHEAD) return idle
      await this.#change()
    }
  }

  send(thread: Thread, batch: ReplayBatch): void {
    thread.waiting += 1
    for (const { id } of batch.tasks) thread.told.add(id)
    post(thread, batch)
  }

  /** What all of them counted. */
  async end(): Promise<ReplayTally> {
    for (const thread of this.#threads) post(thread, 'end')
    while (this.#tallies.length < this.#threads.length) {
      if (this.#failed !== undefined) throw asRemitError(this.#failed)
      await this.#change()
    }
    const all = emptyTally()
    for (const tally of this.#tallies) mergeTally(all, tally)
    return all
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  #start(order: ReplayOrder): Thread {
    const thread: Thread = {
      worker: new Worker(THREAD, { workerData: order }),
      waiting: 0,
      told: new Set(),
    }
    thread.worker.on('message', (said: FromReplayThread) => {
      if (said === 'done') thread.waiting -= 1
      else this.#tallies.push(said)
      this.#wake?.()
    })
    thread.worker.on('error', (error: unknown) => {
      this.#failed = error instanceof Error ? error : new Error(String(error))
      this.#wake?.()
    })
    return thread
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

function post({ worker }: Thread, message: ToReplayThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  worker.postMessage(message)
}
