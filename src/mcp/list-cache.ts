import type { Clock } from '../core/clock.ts'
import type { Freshness } from './list-freshness.ts'
import type { UpstreamSession } from './upstream.ts'

/** A list as it was given, and what its server says of keeping it. */
export interface Given<Value> {
  readonly value: Value
  readonly freshness: Freshness
}

export interface Kept<Value> {
  readonly value: Value
  /** Milliseconds since the epoch: from then on its server wants to be asked again. Infinity = it says nothing. */
  readonly until: number
}

interface Entry<Value> extends Kept<Value> {
  readonly at: number
}

interface Answer<Value> {
  readonly entry: Entry<Value>
  /** It is for everybody. */
  readonly shared: boolean
}

/** Which list of a session, and for whom: `''` where all that use the session are one principal. */
export interface ListOf {
  readonly list: string
  readonly principal: string
}

interface Lists<Value> {
  /** By list and principal: what was given for everybody has the principal `''`. */
  readonly kept: Map<string, Map<string, Entry<Value>>>
  readonly loading: Map<string, Map<string, Promise<Answer<Value>>>>
}

/**
 * What servers listed, kept with the session that listed it and gone with it, so that nobody is shown the list of a
 * session that is not theirs, nor, on one that is shared, what its server gave for one principal alone. One question at
 * a time for each list and principal.
 */
export class ListCache<Value> {
  readonly #clock: Clock
  readonly #sessions = new WeakMap<UpstreamSession, Lists<Value>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param age milliseconds that an answer may be old, and no older than its server lets it; Infinity = any age. */
  get(session: UpstreamSession, of: ListOf, age: number): Kept<Value> | undefined {
    const entry = this.#find(session, of)
    if (entry === undefined || age === Infinity) return entry
    const now = this.#clock.now()
    return now - entry.at < age && now < entry.until ? entry : undefined
  }

  /** Milliseconds; Infinity = there is none. */
  ageOf(session: UpstreamSession, of: ListOf): number {
    const entry = this.#find(session, of)
    return entry === undefined ? Infinity : this.#clock.now() - entry.at
  }

  async load(session: UpstreamSession, of: ListOf, ask: () => Promise<Given<Value>>): Promise<Kept<Value>> {
    const { kept, loading } = this.#listsOf(session)
    const running = inner(loading, of.list)
    const asking = running.get(of.principal)
    if (asking !== undefined) return (await asking).entry
    const asked = this.#ask(ask)
    running.set(of.principal, asked)
    try {
      const { entry, shared } = await asked
      // A change that was announced while the list was loading has dropped it: answer with it, do not keep it.
      if (loading.get(of.list)?.get(of.principal) === asked) {
        const byPrincipal = inner(kept, of.list)
        byPrincipal.delete(of.principal)
        if (!shared) byPrincipal.delete('')
        byPrincipal.set(shared ? '' : of.principal, entry)
      }
      return entry
    } finally {
      if (running.get(of.principal) === asked) running.delete(of.principal)
    }
  }

  #find(session: UpstreamSession, { list, principal }: ListOf): Entry<Value> | undefined {
    const known = this.#sessions.get(session)?.kept.get(list)
    return known?.get(principal) ?? known?.get('')
  }

  async #ask(ask: () => Promise<Given<Value>>): Promise<Answer<Value>> {
    const at = this.#clock.now()
    const { value, freshness } = await ask()
    return { entry: { at, value, until: at + freshness.ttl }, shared: freshness.shared }
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

function inner<Value>(outer: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const known = outer.get(key) ?? new Map<string, Value>()
  outer.set(key, known)
  return known
}
