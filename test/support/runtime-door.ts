import type { JsonObject } from '../../src/core/json.ts'
import { SILENT } from '../../src/core/log.ts'
import type { HookPresence } from '../../src/gate/fleet/presence.ts'
import type { SubAgents } from '../../src/gate/sub-agents/sub-agents.ts'
import { createHookAnswers } from '../../src/hooks/answer-hook.ts'
import { createRuntimeHooks } from '../../src/hooks/runtime-tool.ts'
import { raw, startTestDoor, type TestDoor, type TestDoorOptions } from './test-door.ts'
import { TestGate } from './test-gate.ts'

/** What no sub-agent is named to. */
const NO_SUB_AGENTS: SubAgents = {
  callerOf: (connection) => Promise.resolve(connection),
  callerOfUse: (connection) => Promise.resolve(connection),
  ended: () => Promise.resolve(),
  started: () => undefined,
  expect: () => undefined,
  forget: () => undefined,
}

/** The MCP door with the gateway's own tool, behind it the hooks, over a gate that decides by name. */
export async function startRuntimeDoor(
  options: Partial<TestDoorOptions> & {
    readonly listed?: boolean
    /** Milliseconds. */
    readonly hold?: number
    readonly gate?: TestGate
    readonly presence?: HookPresence
    readonly subAgents?: Partial<SubAgents>
  } = {},
): Promise<TestDoor> {
  const gate = options.gate ?? new TestGate()
  let requests = 0
  const answers = createHookAnswers({
    gate,
    presence: options.presence ?? {
      heard: () => undefined,
      ranUnasked: () => undefined,
      cameHere: () => true,
    },
    subAgents: { ...NO_SUB_AGENTS, ...options.subAgents },
    log: SILENT,
    clock: options.clock ?? { now: () => Date.now(), micros: () => 0 },
    fileSystem: 'remote',
    hold: options.hold ?? 0,
    newRequestId: () => `req_${String(++requests)}`,
  })
  const door = await startTestDoor({
    upstreams: [],
    ...options,
    gate,
    runtimeTool: createRuntimeHooks(answers, options.listed ?? false),
  })
  return { ...door, gate }
}

export interface Asking {
  /** `name/version` of the client. */
  readonly client?: string
  /** What the agent put into `_meta` beside the envelope. */
  readonly meta?: JsonObject
  readonly token?: string
  readonly path?: string
  readonly name?: string
}

export const CLAUDE = 'claude-code/2.1.330'

/** Calls a tool as a client of 2026-07-28, the gateway's own where none is named. @returns the whole message. */
export async function callAs(door: TestDoor, args: JsonObject, asking: Asking = {}): Promise<JsonObject> {
  const { client = CLAUDE, meta = {}, token = 'task-a', path = '/mcp', name = 'remit_authorize' } = asking
  const [called = '', version = ''] = client.split('/')
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: called, version },
  }
  const params = { name, arguments: args, _meta: { ...envelope, ...meta } }
  const { text } = await raw(door, {
    path,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
  return JSON.parse(text) as JsonObject
}

/** What the runtime reads of it: the JSON of its one text. */
export async function askAs(door: TestDoor, args: JsonObject, asking: Asking = {}): Promise<JsonObject> {
  const { result } = await callAs(door, args, asking)
  const { content } = result as { readonly content: readonly { readonly text: string }[] }
  return JSON.parse(content[0]?.text ?? '') as JsonObject
}

/** Arguments as Claude Code 2.1.330 fills a template of them: objects as text, and nothing left out. */
export function ofClaude(tool: string, use: string, over: JsonObject = {}): JsonObject {
  return {
    agent: 'claude-code',
    hook_event_name: 'PreToolUse',
    session_id: '8010b32a-3c86-4ca1-8815-f65f24b218f3',
    cwd: '/w',
    tool_name: tool,
    tool_input: '{"command":"touch made1; echo hi","description":"d"}',
    tool_use_id: use,
    mcp_server: '',
    agent_id: '',
    tool_response: '',
    error: '',
    ...over,
  }
}

/** Arguments as Codex 0.169.0 fills one: values as they are, and no call at all where one is absent. */
export function ofCodex(tool: string, use: string, over: JsonObject = {}): JsonObject {
  return {
    agent: 'codex',
    hook_event_name: 'PreToolUse',
    session_id: '01a21d55-270c-7cf2-812c-a87bb0e583b7',
    cwd: '/w',
    tool_name: tool,
    tool_input: { command: 'touch made1; echo hi' },
    tool_use_id: use,
    ...over,
  }
}

export const OF_CODEX: Asking = { client: 'codex-mcp-client/0.169.0', meta: { threadId: '01a21d55' } }

export function decisionIn(answer: JsonObject): JsonObject {
  return answer['hookSpecificOutput'] as JsonObject
}
