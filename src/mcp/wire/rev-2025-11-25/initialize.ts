import { RemitError } from '../../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { ClientClaim } from '../../client-claim.ts'
import { describeGateway } from '../../describe-gateway.ts'
import type { DoorContext } from '../../door-context.ts'
import type { Exchange } from '../../exchange.ts'
import { clientName } from '../client-name.ts'
import { negotiate } from './versions.ts'

/**
 * `initialize` ends here: the gateway answers for itself and opens its own session, bound to the task.
 * @throws RemitError `params_invalid`.
 */
export async function initialize(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const claim = readClaim(exchange.params)
  const { task } = exchange.caller.chain
  const session = door.sessions.open(task, claim, exchange.naming.endpoint)
  const described = await describeGateway(door, { naming: exchange.naming, owner: session.owner, claim })
  exchange.reply.header('mcp-session-id', session.id)
  return { protocolVersion: claim.version, serverInfo: door.serverInfo, ...described }
}

function readClaim(params: JsonObject): ClientClaim {
  const { protocolVersion, capabilities, clientInfo } = params
  if (typeof protocolVersion !== 'string' || !isJsonObject(capabilities)) {
    throw new RemitError('params_invalid', '`initialize` needs a `protocolVersion` and `capabilities`')
  }
  const client = clientName(clientInfo)
  return {
    era: 'legacy',
    version: negotiate(protocolVersion),
    capabilities,
    ...(client === undefined ? {} : { client }),
  }
}
