import type { ToolCall } from '../core/tool-call.ts'
import type { DoorContext } from './door-context.ts'
import { correlationOf, type Exchange } from './exchange.ts'

/** What the gate is asked: what the client wants, with what configuration says of the server. */
export function buildCall(
  door: DoorContext,
  exchange: Exchange,
  wanted: Pick<ToolCall, 'kind' | 'server' | 'tool' | 'definition' | 'arguments'>,
): ToolCall {
  const settings = door.deps.serverSettings.get(wanted.server)
  const root = settings?.root
  return {
    door: 'mcp',
    ...wanted,
    fileSystem: settings?.fileSystem ?? 'remote',
    ...(root === undefined ? {} : { root }),
    correlation: correlationOf(exchange),
  }
}
