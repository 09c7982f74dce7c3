import { asRemitError, RemitError } from '../core/errors.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import { ReportedCalls } from '../gate/reported-calls.ts'
import { settleUnheard } from '../gate/settle-reported.ts'
import { checkNames } from './check-names.ts'
import { answerCanary } from './canary.ts'
import { decideBefore } from './decide-before.ts'
import { Deferrals } from './deferrals.ts'
import type { HookDoorDeps } from './door-deps.ts'
import type { BeforeEvent, HookEvent } from './hook-event.ts'
import type { HookExchange } from './hook-exchange.ts'
import { hookOf } from './hook-of.ts'
import { OpenUses } from './open-uses.ts'
import { settleAfter } from './settle-after.ts'
import { decideOrDefer, standBy } from './stand-by.ts'
import { beginSubAgent, endSubAgent } from './sub-agent-of.ts'

/** What a runtime is told: its own JSON, or nothing; and where a tool may not run, that and why. */
export type HookAnswer =
  | { readonly refused: false; readonly json: JsonObject | undefined }
  | { readonly refused: true; readonly json: JsonObject; readonly error: RemitError }

export interface HookAnswers {
  /** @param who whose hook it is, once its event is known; a refusal of it is an answer of the agent’s own. @throws RemitError for no event. */
  answer(
    adapter: AgentAdapter,
    payload: Json | undefined,
    who: () => Promise<HookExchange>,
  ): Promise<HookAnswer>
  /** What was let run and whose end nobody will tell any more becomes unknown. */
  close(): Promise<void>
}

/** Every event of every agent: decided before, settled after, and heard in between. */
export function createHookAnswers(deps: HookDoorDeps): HookAnswers {
  const calls = new ReportedCalls()
  const uses = new OpenUses(deps.clock)
  const deferrals = new Deferrals()

  async function answerEvent(event: HookEvent, exchange: HookExchange): Promise<JsonObject | undefined> {
    switch (event.moment) {
      case 'before':
        return uses.once(exchange, event, () => decideBefore(deps, calls, exchange, event))
      case 'after':
        return settleAfter(deps, { calls, uses }, exchange, event)
      case 'sub-agent-began':
        await beginSubAgent(deps, exchange, event)
        return undefined
      case 'sub-agent-ended':
        await endSubAgent(deps, exchange, event)
        return undefined
      case 'start':
      case 'other':
        return undefined
    }
  }

  return {
    async answer(adapter, payload, who) {
      const told = isJsonObject(payload) ? payload : {}
      const event = adapter.read(told)
      if (!('tool' in event) && !isSilent(adapter, event) && isAboutTool(told)) throw notOf(adapter)
      try {
        checkNames(event)
        const exchange = await who()
        const canary = answerCanary(adapter, event)
        if (canary !== undefined) return canary
        const { ask } = adapter
        if (ask !== undefined) return await standBy(deferrals, exchange, event, { ask, hold: deps.hold })
        if (adapter.promptOnly !== true) deps.presence.heard(exchange.caller, hookOf(adapter, event))
        const decide = (): Promise<JsonObject | undefined> => answerEvent(event, exchange)
        if (event.moment !== 'before') return { refused: false, json: await decide() }
        return await decideOrDefer(deferrals, exchange, event, decide)
      } catch (thrown) {
        // Only what has not run yet can be refused.
        if (event.moment !== 'before') throw thrown
        return refuse(adapter, event, asRemitError(thrown))
      }
    },
    async close() {
      await Promise.allSettled(calls.drain().map(({ decision }) => settleUnheard(deps.gate, decision)))
    },
  }
}

/** The hook of one agent that was set up with the name of another would let everything run. */
function isAboutTool(payload: JsonObject): boolean {
  return ['tool_name', 'toolName', 'tool_call'].some((name) => name in payload)
}

function isSilent({ silent }: AgentAdapter, event: HookEvent): boolean {
  return event.moment === 'other' && silent?.has(event.name) === true
}

function notOf({ agent }: AgentAdapter): RemitError {
  return new RemitError('request_invalid', `the hook is about a tool, and is none that ${agent} has`)
}

function refuse(adapter: AgentAdapter, event: BeforeEvent, error: RemitError): HookAnswer {
  return { refused: true, json: adapter.deny(event, error.message), error }
}
