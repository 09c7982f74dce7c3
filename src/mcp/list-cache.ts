import type { Clock } from '../core/clock.ts'
import type { UpstreamSession } from './upstream.ts'

interface Entry<Value> {
  readonly at: number
  readonly value: Value
}

interface Lists<Value> {
  readonly kept: Map<string, Entry<Value>>
  readonly loading: Map<string, Promise<Value>>
}

/**
 * What servers listed, kept with the session that listed it and gone with it, so that nobody is shown the list of a
 * session that is not theirs. One question at a time for each list.
 */
export class ListCache<Value> {
  readonly #clock: Clock
  readonly #sessions = new WeakMap<UpstreamSession, Lists<Value>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param age milliseconds that an answer may be old. */
  get(session: UpstreamSession, list: string, age: number): Value | undefined {
    const entry = this.#sessions.get(session)?.kept.get(list)
    if (entry === undefined) return undefined
    return age === Infinity || this.#clock.now() - entry.at < age ? entry.value : undefined
  }

  async load(session: UpstreamSession, list: string, ask: () => Promise<Value>): Promise<Value> {
    const { kept, loading } = this.#listsOf(session)
    const running = loading.get(list)
    if (running !== undefined) return running
    const at = this.#clock.now()
    const asked = ask()
    loading.set(list, asked)
    try {
      const value = await asked
      // A change that was announced while the list was loading has dropped it: answer with it, do not keep it.
      if (loading.get(list) === asked) kept.set(list, { at, value })
      return value
    } finally {
      if (loading.get(list) === asked) loading.delete(list)
    }
  }

  drop(session: UpstreamSession, list: string): void {
    const lists = this.#sessions.get(session)
    lists?.kept.delete(list)
    lists?.loading.delete(list)
  }

  #listsOf(session: UpstreamSession): Lists<Value> {
    const known = this.#sessions.get(session)
    if (known !== undefined) return known
    const lists: Lists<Value> = { kept: new Map(), loading: new Map() }
    this.#sessions.set(session, lists)
    return lists
  }
}
