import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { DoorContext } from './door-context.ts'
import { correlationOf, ownerOf, type Exchange } from './exchange.ts'
import { audienceOf, concerns, type Owner } from './owner.ts'
import { locateResource, mediateUri } from './read-resource.ts'
import { toldTo, type ResourceSubscription } from './resource-subscription.ts'
import type { UpstreamSession } from './upstream.ts'

const DONE: JsonObject = {}
const NEVER = new AbortController().signal

/** `resources/subscribe` of the initialize era. @throws RemitError `method_unknown` when the server takes none. */
export async function subscribeResource(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { uri } = exchange.params
  const subscription = await subscribeUpstream(door, exchange, uri)
  if (typeof uri === 'string') exchange.session?.resources.set(uri, subscription)
  return DONE
}

/** `resources/unsubscribe`. */
export async function unsubscribeResource(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { exposed } = locateResource(exchange, exchange.params['uri'])
  const subscription = exchange.session?.resources.get(exposed)
  exchange.session?.resources.delete(exposed)
  if (subscription !== undefined) await releaseResource(door, ownerOf(exchange), subscription)
  return DONE
}

/** Nobody need hear of it any more: upstream only when no other client of those who share the session wants it. */
export async function releaseResource(
  door: DoorContext,
  owner: Owner,
  { server, uri, told }: ResourceSubscription,
): Promise<void> {
  const { session } = told
  const sharing = door.deps.upstreams.get(server)?.config.session ?? 'task'
  const audience = audienceOf(owner, sharing)
  const wanted = { server, uri }
  if (session.closed || door.hub.wants(audience, wanted)) return
  for (const other of door.sessions.all()) {
    if (concerns(audience, other.owner) && hasResource(other.resources.values(), wanted)) return
  }
  const request = { method: 'resources/unsubscribe', params: { uri }, signal: NEVER }
  await session.request({ ...request, party: owner, clientCapabilities: {} })
}

function hasResource(
  subscriptions: Iterable<ResourceSubscription>,
  { server, uri }: Pick<ResourceSubscription, 'server' | 'uri'>,
): boolean {
  for (const each of subscriptions) if (each.server === server && each.uri === uri) return true
  return false
}

/** Decided like a read, then asked of a server that has such subscriptions. */
export async function subscribeUpstream(
  door: DoorContext,
  exchange: Exchange,
  exposed: unknown,
): Promise<ResourceSubscription> {
  const { server, uri } = locateResource(exchange, exposed)
  const session = await door.catalogue.session(server, ownerOf(exchange))
  if (!takesSubscriptions(session)) {
    throw new RemitError(
      'method_unknown',
      `the server \`${server}\` takes no subscriptions to resources here`,
    )
  }
  const told = toldTo(session)
  await mediateUri(door, exchange, { method: 'resources/subscribe', uri: exposed })
  return { server, uri, correlation: correlationOf(exchange), told }
}

export function takesSubscriptions({ info }: UpstreamSession): boolean {
  const { resources } = info.capabilities
  return isJsonObject(resources) && resources['subscribe'] === true
}
