import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { Verdict } from '../gate/gate.ts'
import type { HookDoorDeps } from './door-deps.ts'
import type { BeforeEvent } from './hook-event.ts'
import type { HookExchange } from './hook-exchange.ts'
import type { HookedCalls } from './hooked-calls.ts'

/** What a `ServerKey` may have, in characters. */
const LONGEST_KEY = 32

/**
 * Decides a tool use before it runs, and waits for its approval as long as hooks may. What goes to the gateway anyway is
 * decided there, once.
 * @returns what the agent is told when the tool may run; @throws RemitError when it may not, in words for the agent.
 */
export async function decideBefore(
  deps: HookDoorDeps,
  calls: HookedCalls,
  exchange: HookExchange,
  event: BeforeEvent,
): Promise<JsonObject | undefined> {
  const { adapter, caller, signal } = exchange
  if (event.tool.server !== undefined && event.tool.server === exchange.gateway) return adapter.allow(event)
  const call = toToolCall(deps, exchange, event)
  const verdict = await consented(deps, exchange, call)
  if (verdict.effect !== 'allow') throw verdict.error
  const hooked = { decision: verdict.decisionId, at: deps.clock.now() }
  if (signal.aborted) {
    // Nobody hears the answer, and there are agents that go on without one.
    await settleUnknown(deps, hooked.decision)
    throw new RemitError('request_invalid', 'the hook stopped waiting')
  }
  for (const given of calls.add(caller.chain.task.id, event, hooked))
    await settleUnknown(deps, given.decision)
  return adapter.allow(event)
}

export function settleUnknown(
  { gate }: HookDoorDeps,
  decision: Parameters<typeof gate.settle>[0],
): Promise<void> {
  return gate.settle(decision, { status: 'unknown', micros: 0, bytes: 0 })
}

async function consented(deps: HookDoorDeps, exchange: HookExchange, call: ToolCall): Promise<Verdict> {
  const { gate, hold } = deps
  const { caller, signal } = exchange
  const first = await gate.authorize(caller, call, signal)
  if (first.effect !== 'consent') return first
  const approval = await gate.awaitApproval(caller, first.approval.id, { timeout: hold, signal })
  signal.throwIfAborted()
  return approval.state === 'pending' ? first : gate.authorize(caller, call, signal)
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
