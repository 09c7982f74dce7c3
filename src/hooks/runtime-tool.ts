import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { isPermissionPrompt, RUNTIME_TOOL } from '../core/runtime-tool.ts'
import type { Caller } from '../gate/gate.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import { CLAUDE_PROMPT } from './agents/claude-prompt.ts'
import type { HookAnswers } from './answer-hook.ts'
import { payloadOfTemplate } from './payload-of-template.ts'
import { textIfAny, textOf } from './read-payload.ts'
import { RUNTIMES, type Runtime } from './runtimes.ts'

/** The agent's name for the gateway where its hook's arguments give none. */
const GATEWAY = 'remit'

interface Question {
  readonly caller: Caller
  readonly arguments: JsonObject
  readonly client?: string
  /** The id that the agent gave this very call of the tool. */
  readonly ownUse?: string
  readonly traceparent?: string
  readonly signal: AbortSignal
}

export interface RuntimeHooks {
  listed(client: string | undefined): JsonObject | undefined
  answer(question: Question): Promise<JsonObject>
}

/**
 * Hooks that come as calls of the gateway's own tool, from agents whose runtime can ask over its MCP connection: what
 * they tell, and what they are answered, is what `POST /hooks/v1/{agent}` hears and says.
 * @param listed whether Claude Code is shown the tool, which `--permission-prompt-tool` needs and hooks do not.
 */
export function createRuntimeHooks(answers: HookAnswers, listed: boolean): RuntimeHooks {
  return {
    listed: (client) => (listed && isClient(client, 'claude-code') ? LISTING : undefined),
    async answer(question) {
      const { caller, signal, traceparent } = question
      const { adapter, payload, gateway } = read(question)
      const told = await answers.answer(adapter, payload, () =>
        Promise.resolve({
          adapter,
          caller,
          gateway,
          signal,
          ...(traceparent === undefined ? {} : { traceparent }),
        }),
      )
      return told.json ?? {}
    },
  }
}

interface Told {
  readonly adapter: AgentAdapter
  readonly payload: JsonObject
  readonly gateway: string
}

/** @throws RemitError `request_invalid`, `call_denied`. */
function read(question: Question): Told {
  const { arguments: asked, ownUse } = question
  if (isPermissionPrompt(asked)) {
    // The agent marks this call with the use that it is about, an id that no model knows before.
    if (ownUse !== undefined && ownUse !== asked['tool_use_id']) throw ofModel()
    requireClient(question, 'claude-code')
    textOf(asked, 'tool_use_id')
    return { adapter: CLAUDE_PROMPT, payload: asked, gateway: GATEWAY }
  }
  if (ownUse !== undefined) throw ofModel()
  const runtime = runtimeOf(asked)
  requireClient(question, runtime.client)
  const payload = runtime.asText ? payloadOfTemplate(asked) : asked
  if (payload['tool_name'] !== undefined) textOf(payload, 'tool_use_id')
  return { adapter: runtime.adapter, payload, gateway: textIfAny(asked, 'gateway') ?? GATEWAY }
}

function runtimeOf(asked: JsonObject): Runtime {
  const agent = textOf(asked, 'agent')
  const runtime = RUNTIMES.get(agent)
  if (runtime !== undefined) return runtime
  const known = [...RUNTIMES.keys()].join(' and ')
  throw new RemitError('request_invalid', `hooks of ${known} ask with this tool, and those of no other agent`)
}

/** Other agents do not mark what their models call. */
function requireClient({ client }: Question, name: string): void {
  if (client === undefined || isClient(client, name)) return
  throw new RemitError('call_denied', `this connection is none of ${name}, whose hook it says that it is`)
}

function isClient(client: string | undefined, name: string): boolean {
  return client?.startsWith(`${name}/`) ?? false
}

function ofModel(): RemitError {
  return new RemitError(
    'call_denied',
    `\`${RUNTIME_TOOL}\` is asked by the agent’s runtime before each tool; calling it does nothing`,
  )
}

const LISTING: JsonObject = {
  name: RUNTIME_TOOL,
  title: 'For the agent’s runtime',
  description:
    'The runtime asks here whether a tool may run. It is of no use to a model: a call of yours is refused and does nothing.',
  inputSchema: { type: 'object' },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
}
