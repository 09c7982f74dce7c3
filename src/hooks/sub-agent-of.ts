import type { Caller } from '../gate/gate.ts'
import type { OwnUse } from '../gate/sub-agents/own-uses.ts'
import type { SubAgent } from '../gate/sub-agents/sub-agent.ts'
import type { Waiting } from '../gate/sub-agents/sub-agents.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import type { HookDoorDeps } from './door-deps.ts'
import { holdOf } from './hold-of.ts'
import type { HookedTool, HookEvent } from './hook-event.ts'
import type { HookExchange } from './hook-exchange.ts'

/**
 * Whose call a hook is about: the task of the connection, or of the sub-agent that the runtime names.
 * @throws RemitError as `SubAgents.callerOf`.
 */
export async function actingCaller(
  deps: HookDoorDeps,
  exchange: HookExchange,
  event: HookEvent,
): Promise<Caller> {
  const told = subAgentOf(exchange, event)
  if (told === undefined) return exchange.caller
  return deps.subAgents.callerOf(
    exchange.caller,
    told,
    waiting(deps, exchange, holdOf(deps, exchange.adapter)),
  )
}

/** Nobody is waited for: what a human has yet to agree to holds up the first call of the sub-agent. @throws as above. */
export async function beginSubAgent(
  deps: HookDoorDeps,
  exchange: HookExchange,
  event: HookEvent,
): Promise<void> {
  const told = subAgentOf(exchange, event)
  if (told !== undefined) await deps.subAgents.callerOf(exchange.caller, told, waiting(deps, exchange, 0))
}

export async function endSubAgent(
  deps: HookDoorDeps,
  exchange: HookExchange,
  event: HookEvent,
): Promise<void> {
  const told = subAgentOf(exchange, event)
  if (told !== undefined) await deps.subAgents.ended(exchange.caller, told)
}

/** A use of a tool of the gateway itself, as its call over MCP will show it. */
export function ownUse({ usesAreUnique }: AgentAdapter, { name, arguments: args, use }: HookedTool): OwnUse {
  const own = { name, arguments: args }
  // Agents whose ids of uses are unique give them to their calls over MCP, too.
  return use === undefined || usesAreUnique !== true ? own : { ...own, use }
}

function subAgentOf({ adapter }: HookExchange, event: HookEvent): SubAgent | undefined {
  const { subAgent, subAgentType: type, subAgentParent: parent } = event
  if (subAgent === undefined) return undefined
  return {
    runtime: adapter.agent,
    id: subAgent,
    ...(type === undefined ? {} : { type }),
    ...(parent === undefined ? {} : { parent }),
  }
}

function waiting(deps: HookDoorDeps, { adapter, traceparent }: HookExchange, hold: number): Waiting {
  const requestId = deps.newRequestId()
  const correlation = {
    requestId,
    client: adapter.agent,
    ...(traceparent === undefined ? {} : { traceparent }),
  }
  return { hold, correlation }
}
