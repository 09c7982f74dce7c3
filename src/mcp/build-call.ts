import type { ServerKey } from '../core/ids.ts'
import type { Correlation, ToolCall } from '../core/tool-call.ts'
import type { DoorContext } from './door-context.ts'
import type { ServerSettings } from './door-deps.ts'
import { correlationOf, type Exchange } from './exchange.ts'

/** What the gate is asked: what the client wants, with what configuration says of the server. */
export function buildCall(
  door: DoorContext,
  exchange: Exchange,
  wanted: Pick<ToolCall, 'kind' | 'server' | 'tool' | 'definition' | 'arguments'>,
): ToolCall {
  return callFor(door.deps.serverSettings, wanted, correlationOf(exchange))
}

/** The same for what no request of the client asks now. */
export function callFor(
  settingsOf: ReadonlyMap<ServerKey, ServerSettings>,
  wanted: Pick<ToolCall, 'kind' | 'server' | 'tool' | 'definition' | 'arguments'>,
  correlation: Correlation,
): ToolCall {
  const settings = settingsOf.get(wanted.server)
  const root = settings?.root
  return {
    door: 'mcp',
    ...wanted,
    fileSystem: settings?.fileSystem ?? 'remote',
    ...(root === undefined ? {} : { root }),
    correlation,
  }
}
