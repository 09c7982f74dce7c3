import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { audienceOf, type Audience, type Owner } from './owner.ts'
import type { Upstream, UpstreamSession } from './upstream.ts'

/** A message of an upstream that belongs to no request. */
export interface ServerEvent {
  readonly server: ServerKey
  /** Who shares the session that said it; empty = everybody. */
  readonly audience: Audience
  /** Absent = the gateway itself noticed. */
  readonly session?: UpstreamSession
  readonly method: string
  readonly params: JsonObject
}

const LISTS = ['tools', 'prompts', 'resources']

/** Listens once to every upstream session that the door uses, and hands on what it hears. */
export class ServerEvents {
  readonly #watched = new WeakSet<UpstreamSession>()
  readonly #recovering = new WeakSet<Upstream>()
  readonly #listeners = new Set<(event: ServerEvent) => void>()

  watch(upstream: Upstream, owner: Owner, session: UpstreamSession): void {
    if (this.#watched.has(session)) return
    this.#watched.add(session)
    const { key: server, session: sharing } = upstream.config
    const audience = audienceOf(owner, sharing)
    session.onNotification((method, params) => {
      this.tell({ server, audience, session, method, params })
    })
  }

  /** Whoever was shown a list without a server's part, since it could not be reached, hears when it can be. */
  watchRecovery(upstream: Upstream): void {
    if (this.#recovering.has(upstream)) return
    this.#recovering.add(upstream)
    const { key: server } = upstream.config
    upstream.onRecovered?.(() => {
      for (const list of LISTS) {
        this.tell({ server, audience: {}, method: `notifications/${list}/list_changed`, params: {} })
      }
    })
  }

  tell(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  on(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
