import type { ServerKey } from '../core/ids.ts'
import type { Correlation } from '../core/tool-call.ts'
import type { UpstreamSession } from './upstream.ts'

/** A resource that a client is subscribed to. */
export interface ResourceSubscription {
  readonly server: ServerKey
  /** The server's own URI. */
  readonly uri: string
  /** Of the request that asked for it. */
  readonly correlation: Correlation
  /** Where the server was told: no other session, and none that began anew, knows of it. */
  told: Told
}

export interface Told {
  readonly session: UpstreamSession
  readonly begun: number | undefined
}

/** By the URI under which the client knows the resource. */
export type Subscriptions = Map<string, ResourceSubscription>

export function toldTo(session: UpstreamSession): Told {
  return { session, begun: session.begun }
}

/** Whether the server still knows of it, as far as can be seen. */
export function isKnown({ told }: Pick<ResourceSubscription, 'told'>, session: UpstreamSession): boolean {
  return told.session === session && told.begun === session.begun && !session.closed
}
