import { Worker } from 'node:worker_threads'
import { asRemitError, RemitError } from '../../core/errors.ts'
import type { PastAnswer } from '../../gate/replay/past-control.ts'
import type { FromPastThread, PastOrder } from './past-job-thread.ts'

// The compiler rewrites import paths, not this one: sources run as .ts, the package as .js.
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './past-job-thread.ts' : './past-job-thread.js',
  import.meta.url,
)
const KEPT = 5
/** What was found names what was worked on, so it is not kept for long, in milliseconds. */
const KEPT_FOR = 600_000
/** How long whoever asks is held for what is nearly ready. */
const PATIENCE = 1_500

interface Job {
  readonly id: string
  readonly owner: string
  readonly started: number
  readonly done: Promise<void>
  records: number
  found?: Pick<PastAnswer, 'report' | 'proposal'>
  failed?: RemitError
}

/** Looks at the past, one at a time, each in a thread of its own; what they found waits for who asked. */
export class PastJobs {
  readonly #now: () => number
  #jobs: readonly Job[] = []
  #worker: Worker | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  /** @throws RemitError `overloaded`. */
  async start(order: PastOrder, of: { readonly id: string; readonly owner: string }): Promise<PastAnswer> {
    this.requireFree()
    const worker = new Worker(THREAD, { workerData: order })
    // It only reads: a gateway that stops does not wait for it.
    worker.unref()
    this.#worker = worker
    const job: Job = { ...of, started: this.#now(), records: 0, done: this.#follow(worker, () => job) }
    this.#jobs = [job, ...this.#kept()].slice(0, KEPT)
    return this.look(of)
  }

  /** @throws RemitError `overloaded`. */
  requireFree(): void {
    if (this.#worker === undefined) return
    throw new RemitError('overloaded', 'somebody looks at the past already; try again when that is done')
  }

  /** @throws RemitError `not_found`, and what made it fail. */
  async look({ id, owner }: { readonly id: string; readonly owner: string }): Promise<PastAnswer> {
    const job = this.#kept().find((each) => each.id === id && each.owner === owner)
    if (job === undefined) throw new RemitError('not_found', `there is no \`${id}\`, or no more; ask again`)
    await Promise.race([job.done, patience()])
    if (job.failed !== undefined) throw job.failed
    return job.found === undefined ? { id, running: { records: job.records } } : { id, ...job.found }
  }

  #kept(): readonly Job[] {
    this.#jobs = this.#jobs.filter(({ started }) => this.#now() - started < KEPT_FOR)
    return this.#jobs
  }

  /** The next one may start. */
  #leave(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined
  }

  #follow(worker: Worker, job: () => Job): Promise<void> {
    return new Promise((resolve) => {
      worker.on('message', (said: FromPastThread) => {
        if ('records' in said) {
          job().records = said.records
          return
        }
        if ('failed' in said) job().failed = new RemitError(said.failed.code, said.failed.message)
        else job().found = said
        this.#leave(worker)
        resolve()
      })
      worker.on('error', (thrown: unknown) => {
        job().failed = asRemitError(thrown)
      })
      worker.on('exit', () => {
        this.#leave(worker)
        if (job().found === undefined)
          job().failed ??= new RemitError('internal', 'the look at the past ended before it was done')
        resolve()
      })
    })
  }
}

async function patience(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, PATIENCE).unref()
  })
}
