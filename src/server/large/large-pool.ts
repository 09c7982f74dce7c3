import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { SecretScrubber } from '../../classify/secrets/secret-scrubber.ts'
import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import { RemitError } from '../../core/errors.ts'
import type {
  FromLargeThread,
  LargeJobs,
  LargeKind,
  LargeThreadSettings,
  ToLargeThread,
} from './large-jobs.ts'

export interface LargePoolOptions {
  /** The gate's: what it learns, the threads are told with their next job. */
  readonly scanner: SecretScanner
  /** Knows the gateway's own credentials, which the threads take out of results; absent = it has none. */
  readonly scrubber?: SecretScrubber
  readonly settings: LargeThreadSettings
  /** Threads at most. */
  readonly size: number
  /** Bytes that may wait for a thread; default 128 MiB. */
  readonly waiting?: number
  /** Milliseconds that one job may take; default 60 s. */
  readonly patience?: number
  /** Milliseconds after which a thread without work ends; default 60 s. */
  readonly idle?: number
  /** Starts a thread; tests give one that fails. */
  readonly start?: (settings: LargeThreadSettings) => Worker
}

interface Waiting {
  readonly message: Omit<ToLargeThread, 'learned' | 'credentials'>
  readonly moved: readonly Uint8Array[]
  /** Bytes that it holds. */
  readonly size: number
  readonly resolve: (done: never) => void
  readonly reject: (error: Error) => void
}

interface Thread {
  readonly worker: Worker
  /** Values of the scanner that it was told. */
  told: number
  /** Version of the credentials that it was told. */
  credentials: number
  job: Waiting | undefined
  timer: NodeJS.Timeout | undefined
}

/** Why a job was not done, though nothing is wrong with what it was about. */
export class LargeWorkFailed extends Error {
  readonly overloaded: boolean

  constructor(why: string, overloaded = false) {
    super(why)
    this.overloaded = overloaded
  }
}

const WAITING = 134_217_728
const PATIENCE = 60_000
const IDLE = 60_000
/** MiB of a thread's heap: what goes beyond ends the thread, and not the gateway. */
const HEAP = 1_024

/**
 * Threads for large messages: started when there is work, each with one job at a time, ended when there is none for a
 * while. A thread that dies takes its job with it, and no other.
 */
export class LargePool {
  readonly #options: LargePoolOptions
  readonly #threads = new Set<Thread>()
  readonly #queue: Waiting[] = []
  #queued = 0
  #closed = false

  constructor(options: LargePoolOptions) {
    this.#options = options
  }

  /** Threads that live. */
  get threads(): number {
    return this.#threads.size
  }

  /**
   * @param moved bytes in the job that change hands: they are gone afterwards.
   * @throws LargeWorkFailed, RemitError as the job says.
   */
  run<K extends LargeKind>(
    kind: K,
    job: LargeJobs[K]['job'],
    { moved, size }: { readonly moved: readonly Uint8Array[]; readonly size: number },
  ): Promise<LargeJobs[K]['done']> {
    if (this.#closed) return Promise.reject(new LargeWorkFailed('the gateway is stopping'))
    if (this.#queued + size > (this.#options.waiting ?? WAITING) && this.#queue.length > 0) {
      return Promise.reject(new LargeWorkFailed('too much waits to be read', true))
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ message: { kind, job }, moved, size, resolve, reject })
      this.#queued += size
      this.#dispatch()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { reject } of this.#queue.splice(0)) reject(new LargeWorkFailed('the gateway is stopping'))
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()))
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const thread = this.#free()
      if (thread === undefined) return
      const next = this.#queue.shift()
      if (next !== undefined) this.#give(thread, next)
    }
  }

  #free(): Thread | undefined {
    for (const thread of this.#threads) if (thread.job === undefined) return thread
    return this.#threads.size < this.#options.size ? this.#start() : undefined
  }

  #give(thread: Thread, waiting: Waiting): void {
    const { patience = PATIENCE, scanner, scrubber } = this.#options
    this.#queued -= waiting.size
    thread.job = waiting
    clearTimeout(thread.timer)
    thread.timer = setTimeout(() => this.#gone(thread, `no answer in ${patience} ms`), patience).unref()
    const learned = scanner.learned(thread.told)
    thread.told = learned.count
    const { version = 0 } = scrubber ?? {}
    const news = version === thread.credentials ? {} : { credentials: scrubber?.entries() ?? [] }
    thread.credentials = version
    thread.worker.postMessage({ ...waiting.message, learned, ...news }, waiting.moved.map(bufferOf))
  }

  #start(): Thread {
    const worker = (this.#options.start ?? startThread)(this.#options.settings)
    const thread: Thread = { worker, told: 0, credentials: 0, job: undefined, timer: undefined }
    this.#threads.add(thread)
    worker.unref()
    worker.on('message', (message: FromLargeThread) => this.#done(thread, message))
    worker.on('error', (error) => this.#gone(thread, String(error)))
    worker.on('exit', (code) => this.#gone(thread, `exit code ${code}`))
    return thread
  }

  #done(thread: Thread, message: FromLargeThread): void {
    const { job } = thread
    thread.job = undefined
    clearTimeout(thread.timer)
    if (job !== undefined) {
      if ('done' in message) job.resolve(message.done as never)
      else job.reject(new RemitError(message.error.code, message.error.message, message.error))
    }
    this.#dispatch()
    if (thread.job !== undefined) return
    const end = (): void => this.#gone(thread, 'idle')
    thread.timer = setTimeout(end, this.#options.idle ?? IDLE).unref()
  }

  #gone(thread: Thread, why: string): void {
    if (!this.#threads.delete(thread)) return
    clearTimeout(thread.timer)
    thread.job?.reject(new LargeWorkFailed(`the thread that reads large messages failed: ${why}`))
    void thread.worker.terminate()
    if (!this.#closed) this.#dispatch()
  }
}

function bufferOf({ buffer }: Uint8Array): ArrayBuffer {
  return buffer as ArrayBuffer
}

/** The thread lies beside this file, as source or compiled. */
function startThread(settings: LargeThreadSettings): Worker {
  const file = new URL(`./large-thread${extname(import.meta.url)}`, import.meta.url)
  const resourceLimits = { maxOldGenerationSizeMb: HEAP }
  return new Worker(file, { workerData: settings, execArgv: [], name: 'remit-large', resourceLimits })
}
