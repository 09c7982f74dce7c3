import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Owner } from './owner.ts'
import type { Upstream, UpstreamSession } from './upstream.ts'

/** A message of an upstream that belongs to no request. */
export interface ServerEvent {
  readonly server: ServerKey
  /** Task whose session it is; undefined = the session is shared by all. */
  readonly owner: string | undefined
  /** `Owner.key` of the session. */
  readonly ownerKey: string
  readonly method: string
  readonly params: JsonObject
}

/** Listens once to every upstream session that the door uses, and hands on what it hears. */
export class ServerEvents {
  readonly #watched = new WeakSet<UpstreamSession>()
  readonly #listeners = new Set<(event: ServerEvent) => void>()

  watch(upstream: Upstream, owner: Owner, session: UpstreamSession): void {
    if (this.#watched.has(session)) return
    this.#watched.add(session)
    const { key: server, session: sharing } = upstream.config
    session.onNotification((method, params) => {
      const event = {
        server,
        owner: sharing === 'shared' ? undefined : owner.id,
        ownerKey: owner.key,
        method,
        params,
      }
      for (const listener of this.#listeners) listener(event)
    })
  }

  on(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
