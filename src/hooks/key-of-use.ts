import { canonicalJson } from '../core/canonical-json.ts'
import type { HookedTool, HookEvent } from './hook-event.ts'

/**
 * What joins the end of a tool use with its beginning: the agent's id of the use, or where it gives none session, tool
 * and arguments, the oldest first.
 */
export function keyOfUse({
  session = '',
  tool,
}: Pick<HookEvent, 'session'> & { readonly tool: HookedTool }): string {
  return tool.use === undefined
    ? canonicalJson([session, tool.server ?? '', tool.name, tool.arguments])
    : canonicalJson([session, tool.use])
}
