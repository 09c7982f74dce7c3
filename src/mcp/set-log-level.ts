import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { serversOf, type DoorContext } from './door-context.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { isLogLevel } from './relay-notification.ts'
import { withDeadline } from './with-deadline.ts'

/**
 * `logging/setLevel` of the initialize era: kept in the session, which filters, and told to the servers that log.
 * One that fails to set it only says more or less than was wanted.
 */
export async function setLogLevel(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { level } = exchange.params
  if (!isLogLevel(level)) throw new RemitError('params_invalid', '`level` must be a log level of MCP')
  if (exchange.session !== undefined) exchange.session.logLevel = level
  const signal = AbortSignal.any([exchange.signal, AbortSignal.timeout(door.limits.listWait)])
  await Promise.allSettled(
    serversOf(door, exchange.naming).map(async (server) => {
      // The level of a session that others use too is not one task's to set; what it may hear is filtered here.
      if (door.deps.upstreams.get(server)?.config.session !== 'task') return
      const party = ownerOf(exchange)
      const opening = door.catalogue.session(server, party)
      const session = await withDeadline(opening, door.limits.listWait)
      const { era, capabilities } = session.info
      if (era !== 'legacy' || capabilities['logging'] === undefined) return
      const params = { level }
      await session.request({ method: 'logging/setLevel', params, signal, party, clientCapabilities: {} })
    }),
  )
  return {}
}
