import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { serversOf, type DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { tellLogLevel } from './log-levels.ts'
import { isLogLevel } from './relay-notification.ts'
import { withDeadline } from './with-deadline.ts'

/**
 * `logging/setLevel` of the initialize era: kept in the session, which filters, and told to the servers that log, now
 * and whenever one begins another session.
 */
export async function setLogLevel(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { level } = exchange.params
  if (!isLogLevel(level)) throw new RemitError('params_invalid', '`level` must be a log level of MCP')
  const { session: holder } = exchange
  if (holder === undefined) return {}
  holder.logLevel = level
  holder.levelsTold.clear()
  const signal = AbortSignal.any([exchange.signal, AbortSignal.timeout(door.limits.listWait)])
  await Promise.allSettled(
    serversOf(door, exchange.naming).map(async (server) => {
      if (door.deps.upstreams.get(server)?.config.session !== 'task') return
      const opening = door.catalogue.session(server, holder.owner)
      const session = await withDeadline(opening, door.limits.listWait)
      await tellLogLevel(door, holder, { server, session, signal })
    }),
  )
  return {}
}
