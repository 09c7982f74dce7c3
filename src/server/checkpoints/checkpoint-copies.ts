import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { CopyAnswer } from '../../api/ledger-contract.ts'
import { headOf } from '../../audit/proof-text.ts'
import type { Log } from '../../core/log.ts'
import type { Destination } from './destination.ts'

export interface CopiesOptions {
  readonly destinations: readonly Destination[]
  /** The newest checkpoint; undefined = nothing was signed yet. */
  readonly newest: () => Promise<string | undefined>
  /** Milliseconds between two copies at one place. */
  readonly interval: number
  /** File that remembers what was delivered where. */
  readonly memory: string
  readonly now: () => number
  readonly log: Log
}

const MEMORY = z.record(z.string(), z.object({ size: z.int().min(0), at: z.string() }))
type Delivered = z.infer<typeof MEMORY>[string]

interface Trouble {
  readonly error: string
  readonly attempts: number
  /** Milliseconds since the epoch. */
  readonly next: number
}

const RETRY_FIRST = 5_000
const RETRY_MOST = 300_000

/**
 * Copies the newest checkpoint to every place outside. Since each covers all records before it, one that was missed is
 * caught up with the next that is delivered.
 */
export class CheckpointCopies {
  readonly #options: CopiesOptions
  readonly #delivered: Map<string, Delivered>
  readonly #trouble = new Map<string, Trouble>()

  constructor(options: CopiesOptions) {
    this.#options = options
    this.#delivered = new Map(Object.entries(remembered(options.memory)))
  }

  /** Delivers what is due. Never throws: what fails is tried again, later and later. */
  async round(): Promise<void> {
    const { destinations, newest } = this.#options
    const note = await newest().catch(() => undefined)
    if (note === undefined) return
    const { size } = headOf(note)
    await Promise.all(destinations.map((each) => this.#deliver(each, { note, size })))
  }

  /** How old each copy is. */
  list(): readonly CopyAnswer[] {
    return this.#options.destinations.map(({ name }) => {
      const error = this.#trouble.get(name)?.error
      return { name, ...this.#delivered.get(name), ...(error === undefined ? {} : { error }) }
    })
  }

  async #deliver(destination: Destination, { note, size }: { note: string; size: number }): Promise<void> {
    const { interval, now, log } = this.#options
    const { name } = destination
    const last = this.#delivered.get(name)
    const trouble = this.#trouble.get(name)
    const due = trouble?.next ?? (last === undefined ? 0 : Date.parse(last.at) + interval)
    if (last?.size === size || now() < due) return
    try {
      await destination.deliver(note, last?.size ?? 0)
      this.#delivered.set(name, { size, at: new Date(now()).toISOString() })
      this.#trouble.delete(name)
      this.#remember()
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown.message : String(thrown)
      const attempts = (trouble?.attempts ?? 0) + 1
      const next = now() + Math.min(RETRY_MOST, RETRY_FIRST * 2 ** (attempts - 1))
      this.#trouble.set(name, { error, attempts, next })
      log.log('warn', 'ledger.copy_failed', { place: name, attempts, reason: error })
    }
  }

  #remember(): void {
    const { memory } = this.#options
    writeFileSync(`${memory}.new`, `${JSON.stringify(Object.fromEntries(this.#delivered))}\n`, {
      mode: 0o600,
    })
    renameSync(`${memory}.new`, memory)
  }
}

/** What cannot be read is as if nothing was delivered: then all is delivered once more. */
function remembered(file: string): z.infer<typeof MEMORY> {
  if (!existsSync(file)) return {}
  try {
    return MEMORY.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}
