import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { DoorContext } from './door-context.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { audienceOf } from './owner.ts'
import { locateResource, mediateUri } from './read-resource.ts'

const DONE: JsonObject = {}

/** `resources/subscribe` of the initialize era. @throws RemitError `method_unknown` when the server takes none. */
export async function subscribeResource(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { uri } = exchange.params
  await subscribeUpstream(door, exchange, uri)
  if (typeof uri === 'string') exchange.session?.uris.add(uri)
  return DONE
}

/** `resources/unsubscribe`: upstream only when no other stream of those who share the session still wants it. */
export async function unsubscribeResource(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { server, uri, exposed } = locateResource(exchange, exchange.params['uri'])
  exchange.session?.uris.delete(exposed)
  const sharing = door.deps.upstreams.get(server)?.config.session ?? 'task'
  if (door.hub.wants(audienceOf(ownerOf(exchange), sharing), exposed)) return DONE
  const session = await door.catalogue.session(server, ownerOf(exchange))
  await session.request({
    method: 'resources/unsubscribe',
    params: { uri },
    signal: exchange.signal,
    party: ownerOf(exchange),
    clientCapabilities: {},
  })
  return DONE
}

/** Decided like a read, then asked of a server that has such subscriptions. */
export async function subscribeUpstream(
  door: DoorContext,
  exchange: Exchange,
  exposed: unknown,
): Promise<void> {
  const { server } = locateResource(exchange, exposed)
  const session = await door.catalogue.session(server, ownerOf(exchange))
  const { resources } = session.info.capabilities
  const takes = isJsonObject(resources) && resources['subscribe'] === true
  if (!takes) {
    throw new RemitError(
      'method_unknown',
      `the server \`${server}\` takes no subscriptions to resources here`,
    )
  }
  await mediateUri(door, exchange, { method: 'resources/subscribe', uri: exposed })
}
