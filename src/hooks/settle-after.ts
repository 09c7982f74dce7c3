import { canonicalJson } from '../core/canonical-json.ts'
import type { JsonObject } from '../core/json.ts'
import type { ReportedCalls } from '../gate/reported-calls.ts'
import { PLAIN, settleReported } from '../gate/settle-reported.ts'
import type { HookDoorDeps } from './door-deps.ts'
import type { AfterEvent } from './hook-event.ts'
import type { HookExchange } from './hook-exchange.ts'
import { hookOf } from './hook-of.ts'
import { keyOfUse } from './key-of-use.ts'
import { ownUse } from './sub-agent-of.ts'
import type { OpenUses } from './open-uses.ts'

/**
 * Looks through what a tool brought back, and records how it ended, as the agent reports it.
 * @returns what the agent is told; undefined = nothing.
 */
export async function settleAfter(
  deps: HookDoorDeps,
  { calls, uses }: { readonly calls: ReportedCalls; readonly uses: OpenUses },
  { adapter, caller, gateway }: HookExchange,
  event: AfterEvent,
): Promise<JsonObject | undefined> {
  const again = uses.end(caller.chain.task.id, event.tool)
  // The gateway's own tools ended at the MCP door; what did not come there is of another server of that name.
  const isOwn = event.tool.server !== undefined && event.tool.server === gateway
  if (isOwn && (again || deps.presence.cameHere(caller, event.tool.use))) {
    if (event.subAgent !== undefined) deps.subAgents.forget(caller, ownUse(adapter, event.tool))
    return undefined
  }
  const call = calls.take(caller.chain.task.id, keyOfUse(adapter, event))
  if (call === undefined && !again) {
    deps.log.log('warn', 'hook.unmatched', { agent: adapter.agent, tool: event.tool.name })
    // What failed may be what was refused.
    if (event.failure === undefined) deps.presence.ranUnasked(caller, hookOf(adapter, event))
  }
  const { result } = event
  const shown = call === undefined ? screened(deps, result) : await settleReported(deps, call, event)
  if (result === undefined || shown === undefined) return undefined
  return canonicalJson(shown) === canonicalJson(result) ? undefined : adapter.replace(event, shown)
}

/** Of what nobody here let run, such as before the gateway was started again, secrets are kept back all the same. */
function screened({ gate }: HookDoorDeps, result: JsonObject | undefined): JsonObject | undefined {
  return result && (gate.screen(undefined, result) ?? { [PLAIN]: 'the result could not be looked through' })
}
