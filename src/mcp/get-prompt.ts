import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import { buildCall } from './build-call.ts'
import { unknownName, type DoorContext } from './door-context.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { mediateCall } from './mediate-call.ts'
import { requireName } from './names-of-request.ts'
import { routeOnRecord } from './route-on-record.ts'

/** `prompts/get`. @throws RemitError `tool_unknown`, `params_invalid`, and what mediation throws. */
export async function getPrompt(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { arguments: args = {} } = exchange.params
  const name = requireName(exchange.params['name'], 'prompt')
  if (!isJsonObject(args)) throw new RemitError('params_invalid', '`arguments` must be an object')
  const located = exchange.naming.locateName('prompt', name)
  const prompt = located?.name ?? name
  const wanted = { kind: 'prompt', server: located?.server, tool: prompt, arguments: args } as const
  const { server, session } = await routeOnRecord(door, exchange, wanted, async () => {
    if (located === undefined) throw unknownName(name)
    const session = await door.catalogue.session(located.server, ownerOf(exchange))
    return { server: located.server, session }
  })
  const call = buildCall(door, exchange, { ...wanted, server })
  return mediateCall(door, exchange, {
    call,
    method: 'prompts/get',
    params: { name: prompt, arguments: args },
    session,
  })
}
