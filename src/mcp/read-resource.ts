import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { buildCall } from './build-call.ts'
import type { DoorContext } from './door-context.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { mediateCall } from './mediate-call.ts'
import { LONGEST_URI, requireUri } from './names-of-request.ts'
import { routeOnRecord } from './route-on-record.ts'
import type { UpstreamInfo } from './upstream.ts'

/** `resources/read`. @throws RemitError `resource_unknown`, `params_invalid`, and what mediation throws. */
export function readResource(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  return mediateUri(door, exchange, { method: 'resources/read', uri: exchange.params['uri'] })
}

/** What is asked of a resource. */
interface AskedUri {
  readonly method: 'resources/read' | 'resources/subscribe' | 'resources/directory/read' | 'skills/get'
  readonly uri: unknown
  /** What is sent beside the URI, and decided on with it. */
  readonly args?: JsonObject
  /** @throws RemitError when the server does not have the method. */
  readonly requires?: (server: ServerKey, info: UpstreamInfo) => void
}

/**
 * What may be subscribed to, and whose skill or entries may be seen, is what may be read: all are decided on the URI.
 * But for a read the result is whole, however large.
 */
export async function mediateUri(
  door: DoorContext,
  exchange: Exchange,
  asked: AskedUri,
): Promise<JsonObject> {
  const { args = {}, requires } = asked
  const tool = typeof asked.uri === 'string' ? asked.uri.slice(0, LONGEST_URI) : ''
  const unlocated = { kind: 'resource', server: undefined, tool, arguments: {} } as const
  const { server, uri } = await routeOnRecord(door, exchange, unlocated, async () =>
    locateResource(exchange, asked.uri),
  )
  const wanted = { kind: 'resource', server, tool: uri, arguments: args } as const
  const session = await routeOnRecord(door, exchange, wanted, async () => {
    const found = await door.catalogue.session(server, ownerOf(exchange))
    requires?.(server, found.info)
    return found
  })
  const call = buildCall(door, exchange, wanted)
  const whole = asked.method !== 'resources/read'
  return mediateCall(door, exchange, { call, method: asked.method, params: { uri, ...args }, session, whole })
}

/** @throws RemitError `resource_unknown`, `params_invalid`. */
export function locateResource(
  exchange: Exchange,
  given: unknown,
): { readonly server: ServerKey; readonly uri: string; readonly exposed: string } {
  const uri = requireUri(given)
  const located = exchange.naming.locateUri(uri)
  if (located === undefined) {
    throw new RemitError('resource_unknown', `no server here has \`${uri}\`; use a URI from the list`)
  }
  return { server: located.server, uri: located.name, exposed: uri }
}
