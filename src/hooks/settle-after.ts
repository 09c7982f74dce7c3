import { canonicalJson } from '../core/canonical-json.ts'
import { asRemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { HookDoorDeps } from './door-deps.ts'
import type { AfterEvent } from './hook-event.ts'
import type { HookExchange } from './hook-exchange.ts'
import type { HookedCall, HookedCalls } from './hooked-calls.ts'
import { PLAIN } from './read-payload.ts'

/**
 * Looks through what a tool brought back, and records how it ended, as the agent reports it.
 * @returns what the agent is told; undefined = nothing.
 */
export async function settleAfter(
  deps: HookDoorDeps,
  calls: HookedCalls,
  { adapter, caller, gateway }: HookExchange,
  event: AfterEvent,
): Promise<JsonObject | undefined> {
  // The gateway's own tools ended at the MCP door.
  if (event.tool.server !== undefined && event.tool.server === gateway) return undefined
  const call = calls.take(caller.chain.task.id, event)
  if (call === undefined) {
    deps.log.log('warn', 'hook.unmatched', { agent: adapter.agent, tool: event.tool.name })
    return undefined
  }
  const { result } = event
  const shown = result && (await lookThrough(deps, call, result))
  await settle(deps, call, event)
  if (result === undefined || shown === undefined) return undefined
  return canonicalJson(shown) === canonicalJson(result) ? undefined : adapter.replace(event, shown)
}

/** What the model may have of it: of what may not be shown, or could not be looked through, only that. */
async function lookThrough(deps: HookDoorDeps, call: HookedCall, result: JsonObject): Promise<JsonObject> {
  try {
    return await deps.gate.inspect(call.decision, result)
  } catch (thrown) {
    return { [PLAIN]: asRemitError(thrown).message }
  }
}

function settle({ gate, clock }: HookDoorDeps, call: HookedCall, event: AfterEvent): Promise<void> {
  const { result, failure } = event
  return gate.settle(call.decision, {
    status: failure === undefined ? 'ok' : 'error',
    micros: (clock.now() - call.at) * 1_000,
    bytes: result === undefined ? 0 : Buffer.byteLength(canonicalJson(result)),
    reported: true,
    ...(result === undefined ? {} : { result }),
    ...(failure === undefined ? {} : { error: failure }),
  })
}
