import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { authorizeHeld } from '../gate/authorize-held.ts'
import type { ReportedCalls } from '../gate/reported-calls.ts'
import { settleUnheard } from '../gate/settle-reported.ts'
import type { HookDoorDeps } from './door-deps.ts'
import type { BeforeEvent } from './hook-event.ts'
import { holdOf } from './hold-of.ts'
import type { HookExchange } from './hook-exchange.ts'
import { keyOfUse } from './key-of-use.ts'
import { actingCaller, ownUse } from './sub-agent-of.ts'

/** What a `ServerKey` may have, in characters. */
const LONGEST_KEY = 32

/**
 * Decides a tool use before it runs, and waits for its approval as long as hooks may. What goes to the gateway anyway is
 * decided there, once.
 * @returns what the agent is told when the tool may run; @throws RemitError when it may not, in words for the agent.
 */
export async function decideBefore(
  deps: HookDoorDeps,
  calls: ReportedCalls,
  exchange: HookExchange,
  event: BeforeEvent,
): Promise<JsonObject | undefined> {
  const { adapter, signal } = exchange
  const caller = await actingCaller(deps, exchange, event)
  if (event.tool.server !== undefined && event.tool.server === exchange.gateway) {
    if (caller !== exchange.caller)
      deps.subAgents.expect(exchange.caller, ownUse(adapter, event.tool), caller)
    return adapter.allow(event)
  }
  const call = toToolCall(deps, exchange, event)
  const verdict = await authorizeHeld(deps.gate, { caller, call }, { hold: holdOf(deps, adapter), signal })
  if (verdict.effect !== 'allow') throw verdict.error
  const { decisionId: decision } = verdict
  if (signal.aborted) {
    // Nobody hears the answer, and there are agents that go on without one.
    await settleUnheard(deps.gate, decision)
    throw new RemitError('request_invalid', 'the hook stopped waiting')
  }
  if (verdict.delegates === true) {
    deps.subAgents.started(exchange.caller, { by: caller, decision, arguments: event.tool.arguments })
  }
  const hooked = { decision, at: deps.clock.now() }
  for (const given of calls.add(exchange.caller.chain.task.id, keyOfUse(adapter, event), hooked))
    await settleUnheard(deps.gate, given.decision)
  return adapter.allow(event)
}

function toToolCall(
  deps: HookDoorDeps,
  { adapter, traceparent }: HookExchange,
  event: BeforeEvent,
): ToolCall {
  const { tool, session, subAgent, folder } = event
  const conversation = [session, subAgent].filter((part) => part !== undefined).join('/')
  return {
    door: 'hook',
    kind: 'tool',
    server: serverOf(adapter.agent, tool.server),
    tool: tool.name,
    arguments: tool.arguments,
    fileSystem: deps.fileSystem,
    ...(folder === undefined ? {} : { root: folder }),
    correlation: {
      requestId: deps.newRequestId(),
      ...(conversation === '' ? {} : { session: conversation }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(tool.use === undefined ? {} : { toolUse: tool.use }),
      client: adapter.agent,
    },
  }
}

/**
 * An MCP server that the agent reaches past the gateway is a server of that agent, never the one that the gateway knows
 * by that name: nothing that was reviewed there speaks for it.
 */
function serverOf(agent: string, server: string | undefined): ServerKey {
  if (server === undefined) return agent as ServerKey
  const key = `${agent}-${server.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`
  return key.slice(0, LONGEST_KEY) as ServerKey
}
