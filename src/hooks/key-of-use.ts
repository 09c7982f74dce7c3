import { canonicalJson } from '../core/canonical-json.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import type { HookedTool, HookEvent } from './hook-event.ts'

/**
 * What joins the end of a tool use with its beginning: the agent's id of the use, or where it gives none session, tool
 * and arguments, the oldest first.
 */
export function keyOfUse(
  { usesAreUnique }: AgentAdapter,
  { session = '', tool }: Pick<HookEvent, 'session'> & { readonly tool: HookedTool },
): string {
  if (tool.use !== undefined && usesAreUnique === true) return canonicalJson([tool.use])
  return tool.use === undefined
    ? canonicalJson([session, tool.server ?? '', tool.name, tool.arguments])
    : canonicalJson([session, tool.use])
}
