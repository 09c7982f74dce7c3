import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import { buildCall } from './build-call.ts'
import { unknownName, type DoorContext } from './door-context.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { mediateCall } from './mediate-call.ts'
import { requireName } from './names-of-request.ts'
import { routeOnRecord } from './route-on-record.ts'
import { locateResource } from './read-resource.ts'

/** `completion/complete`: what it suggests can tell as much as a read, so it is decided like one. */
export async function complete(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { ref, argument, context } = exchange.params
  if (!isJsonObject(ref) || !isJsonObject(argument)) {
    throw new RemitError('params_invalid', '`ref` and `argument` must be objects')
  }
  const { server, name, ref: own } = locateReference(exchange, ref)
  const sent = { argument, ...(isJsonObject(context) ? { context } : {}) }
  const wanted = { kind: 'completion', server, tool: name, arguments: sent } as const
  const session = await routeOnRecord(door, exchange, wanted, () =>
    door.catalogue.session(server, ownerOf(exchange)),
  )
  const call = buildCall(door, exchange, wanted)
  return mediateCall(door, exchange, {
    call,
    method: 'completion/complete',
    params: { ref: own, ...sent },
    session,
  })
}

function locateReference(
  exchange: Exchange,
  ref: JsonObject,
): { readonly server: ServerKey; readonly name: string; readonly ref: JsonObject } {
  const { type } = ref
  if (type === 'ref/prompt') {
    const name = requireName(ref['name'], 'prompt')
    const located = exchange.naming.locateName('prompt', name)
    if (located === undefined) throw unknownName(name)
    return { ...located, ref: { type, name: located.name } }
  }
  if (type === 'ref/resource') {
    const { server, uri } = locateResource(exchange, ref['uri'])
    return { server, name: uri, ref: { type, uri } }
  }
  throw new RemitError('params_invalid', '`ref` must be a prompt or a resource template')
}
