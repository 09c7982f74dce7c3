import type { Clock } from '../core/clock.ts'
import type { UpstreamSession } from './upstream.ts'

interface Entry<Value> {
  readonly session: UpstreamSession
  readonly at: number
  readonly value: Value
}

/** Lists of ended tasks have no other end. */
const MAX_ENTRIES = 4096

/** What servers listed, good only for the session that listed it. One question at a time for each key. */
export class ListCache<Value> {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #loading = new Map<string, { readonly session: UpstreamSession; readonly value: Promise<Value> }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param age milliseconds that an answer may be old. */
  get(key: string, session: UpstreamSession, age: number): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.session !== session) return undefined
    return age === Infinity || this.#clock.now() - entry.at < age ? entry.value : undefined
  }

  async load(key: string, session: UpstreamSession, ask: () => Promise<Value>): Promise<Value> {
    const running = this.#loading.get(key)
    if (running?.session === session) return running.value
    const at = this.#clock.now()
    const loading = { session, value: ask() }
    this.#loading.set(key, loading)
    try {
      const value = await loading.value
      // A change that was announced while the list was loading has dropped it: answer with it, do not keep it.
      if (this.#loading.get(key) === loading) this.#keep(key, { session, at, value })
      return value
    } finally {
      if (this.#loading.get(key) === loading) this.#loading.delete(key)
    }
  }

  drop(key: string): void {
    this.#entries.delete(key)
    this.#loading.delete(key)
  }

  #keep(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    const oldest = this.#entries.size > MAX_ENTRIES ? this.#entries.keys().next().value : undefined
    if (oldest !== undefined) this.#entries.delete(oldest)
  }
}
