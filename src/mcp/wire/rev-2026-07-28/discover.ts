import type { JsonObject } from '../../../core/json.ts'
import { describeGateway } from '../../describe-gateway.ts'
import type { DoorContext } from '../../door-context.ts'
import { ownerOf, type Exchange } from '../../exchange.ts'
import { MODERN_VERSIONS } from './keys.ts'

/** `server/discover`: what is bridged, in the gateway's own name. */
export async function discover(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { naming, claim } = exchange
  const described = await describeGateway(door, { naming, owner: ownerOf(exchange), claim })
  return { supportedVersions: MODERN_VERSIONS, ...described }
}
