import type { JsonObject } from '../../core/json.ts'
import { PLAIN } from '../../gate/settle-reported.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { HookedTool, HookEvent } from '../hook-event.ts'
import { objectOrText, resultOf, textIfAny, textOf, toldOf } from '../read-payload.ts'

/**
 * GitHub Copilot CLI 1.0.102: `preToolUse`, `postToolUse`, `postToolUseFailure`, `sessionStart`, `subagentStart` and
 * `subagentStop`, as `command` hooks in camel case. The payload does not name its event: what has a result or an error has
 * run, and a session that begins says from what (`source`). It gives no id of a use, and a sub-agent's `sessionId` is now its
 * own and now another.
 * https://docs.github.com/copilot/reference/hooks-configuration
 */
export const COPILOT_CLI: AgentAdapter = {
  agent: 'copilot-cli',
  read: readCopilotEvent,
  // Saying nothing lets the agent's own rules stand.
  allow: () => undefined,
  deny: (_, why) => ({ permissionDecision: 'deny', permissionDecisionReason: why }),
  replace: (_, result) => ({
    modifiedResult:
      PLAIN in result ? { resultType: 'success', textResultForLlm: result[PLAIN] ?? '' } : result,
  }),
}

/** @throws RemitError `request_invalid`. */
export function readCopilotEvent(payload: JsonObject): HookEvent {
  const told = toldOf(payload, {
    session: 'sessionId',
    subAgent: 'agentId',
    subAgentType: 'agentType',
    // Of what the agent itself started it is the session.
    subAgentParent: 'parentAgentId',
    folder: 'cwd',
  })
  if (payload['toolName'] === undefined) {
    textOf(payload, 'sessionId')
    if (typeof payload['source'] === 'string') return { ...told, moment: 'start' }
    const { subAgent } = told
    if (subAgent === undefined) return { ...told, moment: 'other', name: 'other' }
    const ended = payload['stop_hook_active'] !== undefined
    return { ...told, moment: ended ? 'sub-agent-ended' : 'sub-agent-began', subAgent }
  }
  const tool = toolOf(payload)
  const result = resultOf(payload, 'toolResult')
  const failure = textIfAny(payload, 'error')
  if (result === undefined && failure === undefined) return { ...told, moment: 'before', tool }
  return {
    ...told,
    moment: 'after',
    tool,
    ...(result === undefined ? {} : { result }),
    ...(failure === undefined ? {} : { failure }),
  }
}

/** No tool of its own has a hyphen in its name; one of an MCP server is `server-tool`. */
function toolOf(payload: JsonObject): HookedTool {
  const name = textOf(payload, 'toolName')
  const input = objectOrText(payload, 'toolArgs', 'input')
  const [, server, tool] = /^([^-]+)-(.+)$/s.exec(name) ?? []
  if (server === undefined || tool === undefined) return { name, arguments: input }
  return { name: tool, server, arguments: input }
}
