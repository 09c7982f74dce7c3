import { canonicalJson } from '../../core/canonical-json.ts'
import type { JsonObject } from '../../core/json.ts'
import { PLAIN } from '../../gate/settle-reported.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { AfterEvent, BeforeEvent, HookEvent } from '../hook-event.ts'
import { CLAUDE_CODE, readClaudeEvent, SILENT_EVENTS } from './claude-code.ts'
import { COPILOT_CLI, readCopilotEvent } from './copilot-cli.ts'

/**
 * VS Code, from its sources and documentation of 2026: sessions of its Copilot harness have the hooks of Copilot CLI; those of
 * the older agent in the editor have payloads of Claude’s shape. Both are answered at once, since an answer has room for
 * both, and exit code 2 is a no to either. The program itself was not run.
 * https://code.visualstudio.com/docs/agents/reference/hooks-reference
 */
export const VSCODE: AgentAdapter = {
  agent: 'vscode',
  silent: SILENT_EVENTS,
  read: (payload) => (isLocal(payload) ? readLocalEvent(payload) : readCopilotEvent(payload)),
  // Saying nothing lets the editor's own questions stand.
  allow: () => undefined,
  deny: (event: BeforeEvent, why) => ({ ...COPILOT_CLI.deny(event, why), ...CLAUDE_CODE.deny(event, why) }),
  replace: (event: AfterEvent, result) => {
    const plain = result[PLAIN]
    const reason = typeof plain === 'string' ? plain : canonicalJson(result)
    return { ...COPILOT_CLI.replace(event, result), decision: 'block', reason }
  },
}

function isLocal(payload: JsonObject): boolean {
  return 'hook_event_name' in payload || 'hookEventName' in payload
}

/** Names of the documentation beside those of the program. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  hookEventName: 'hook_event_name',
  sessionId: 'session_id',
}

function readLocalEvent(payload: JsonObject): HookEvent {
  const named = Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [OTHER_NAMES[name] ?? name, value]),
  )
  const event = readClaudeEvent(named)
  if (!('tool' in event) || event.tool.server !== undefined) return event
  // `mcp_server_tool`, the server as it calls itself, in small letters and cut short.
  const [, server, tool] = /^mcp_([^_]+)_(.+)$/s.exec(event.tool.name) ?? []
  if (server === undefined || tool === undefined) return event
  return { ...event, tool: { ...event.tool, name: tool, server } }
}
