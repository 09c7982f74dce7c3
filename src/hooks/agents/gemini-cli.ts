import { canonicalJson } from '../../core/canonical-json.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { PLAIN } from '../../gate/settle-reported.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { HookedTool, HookEvent } from '../hook-event.ts'
import { objectOf, resultOf, textIfAny, textOf, toldOf } from '../read-payload.ts'

/**
 * Gemini CLI 0.61: `BeforeTool`, `AfterTool` and `SessionStart`, as `command` hooks. It gives no id of a use. A result is replaced by the
 * reason of a `deny` after the tool: the model reads that text alone.
 * https://github.com/google-gemini/gemini-cli/blob/main/docs/hooks/reference.md
 */
export const GEMINI_CLI: AgentAdapter = {
  agent: 'gemini-cli',
  read: readGeminiEvent,
  // Saying nothing lets the agent's own policy stand.
  allow: () => undefined,
  deny: (_, why) => ({ decision: 'deny', reason: why }),
  replace: (_, result) => ({ decision: 'deny', reason: shown(result) }),
}

function readGeminiEvent(payload: JsonObject): HookEvent {
  const name = textOf(payload, 'hook_event_name')
  const told = toldOf(payload, { session: 'session_id', folder: 'cwd' })
  if (name === 'BeforeTool') return { ...told, moment: 'before', tool: toolOf(payload) }
  if (name === 'SessionStart') return { ...told, moment: 'start' }
  if (name !== 'AfterTool') return { ...told, moment: 'other', name }
  const result = resultOf(payload, 'tool_response')
  const error = result?.['error']
  const failure = isJsonObject(error) ? (textIfAny(error, 'message') ?? 'the tool failed') : undefined
  return {
    ...told,
    moment: 'after',
    tool: toolOf(payload),
    ...(result === undefined ? {} : { result }),
    ...(failure === undefined ? {} : { failure }),
  }
}

/** `mcp_<server>_<tool>`, of which servers may have no underscore; the agent tells both apart beside it. */
function toolOf(payload: JsonObject): HookedTool {
  const name = textOf(payload, 'tool_name')
  const input = objectOf(payload, 'tool_input')
  if (payload['mcp_context'] !== undefined) {
    const context = objectOf(payload, 'mcp_context')
    return { name: textOf(context, 'tool_name'), server: textOf(context, 'server_name'), arguments: input }
  }
  const [, server, tool] = /^mcp_([^_]+)_(.+)$/s.exec(name) ?? []
  if (server === undefined || tool === undefined) return { name, arguments: input }
  return { name: tool, server, arguments: input }
}

function shown(result: JsonObject): string {
  const content: Json | undefined = result['llmContent'] ?? result[PLAIN]
  return typeof content === 'string' ? content : canonicalJson(content ?? result)
}
