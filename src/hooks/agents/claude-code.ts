import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { PLAIN } from '../../gate/settle-reported.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { HookedTool, HookEvent } from '../hook-event.ts'
import { objectOf, resultOf, splitMcpName, textIfAny, textOf, toldOf } from '../read-payload.ts'

/**
 * Events that tell of a tool and in which nothing is decided: what may run was decided before it, the human who is asked at
 * the terminal is the agent's own affair, and an elicitation that a hook answers is no proof of a human, so none is.
 */
export const SILENT_EVENTS: ReadonlySet<string> = new Set([
  'PermissionRequest',
  'PermissionDenied',
  'PostToolBatch',
  'Elicitation',
  'ElicitationResult',
])

/**
 * Claude Code 2.1.330: `PreToolUse`, `PostToolUse`, `PostToolUseFailure` and `SessionStart`, as `command` or `http` hooks.
 * https://code.claude.com/docs/en/hooks
 */
export const CLAUDE_CODE: AgentAdapter = {
  agent: 'claude-code',
  usesAreUnique: true,
  silent: SILENT_EVENTS,
  read: readClaudeEvent,
  allow: () => preToolUse({ permissionDecision: 'allow' }),
  deny: (_, why) => preToolUse({ permissionDecision: 'deny', permissionDecisionReason: why }),
  defer: (_, why) => preToolUse({ permissionDecision: 'defer', permissionDecisionReason: why }),
  replace: (_, result) => ({
    hookSpecificOutput: {
      hookEventName: 'PostToolUse',
      // A tool's output keeps its shape, or the agent puts it aside and shows the old one.
      updatedToolOutput: PLAIN in result ? (result[PLAIN] ?? null) : result,
    },
  }),
}

/**
 * The second hook of `claude -p`, which puts a `defer` aside, and runs the tool, where an answer of the model that was not
 * streamed has several tools, and outside of `-p`. An `ask` beside it is no yes anywhere, and without a terminal a no.
 */
export const CLAUDE_CODE_DEFER: AgentAdapter = {
  ...CLAUDE_CODE,
  ask: () =>
    preToolUse({
      permissionDecision: 'ask',
      permissionDecisionReason:
        'remit: a human has yet to agree to this, and it cannot be put off among other tools; use one tool at a time, and this one again',
    }),
}

/** Payloads of Claude's shape, which other agents took over. @throws RemitError `request_invalid`. */
export function readClaudeEvent(payload: JsonObject): HookEvent {
  const name = textOf(payload, 'hook_event_name')
  const told = toldOf(payload, {
    session: 'session_id',
    subAgent: 'agent_id',
    subAgentType: 'agent_type',
    folder: 'cwd',
  })
  switch (name) {
    case 'PreToolUse':
      return { ...told, moment: 'before', tool: toolOf(payload) }
    case 'PostToolUse': {
      const result = resultOf(payload, 'tool_response')
      return { ...told, moment: 'after', tool: toolOf(payload), ...(result === undefined ? {} : { result }) }
    }
    case 'PostToolUseFailure':
      return {
        ...told,
        moment: 'after',
        tool: toolOf(payload),
        failure: textIfAny(payload, 'error') ?? 'the tool failed',
      }
    case 'SessionStart':
      return { ...told, moment: 'start' }
    case 'SubagentStart':
      return { ...told, moment: 'sub-agent-began', subAgent: textOf(payload, 'agent_id') }
    case 'SubagentStop':
      return { ...told, moment: 'sub-agent-ended', subAgent: textOf(payload, 'agent_id') }
    default:
      return { ...told, moment: 'other', name }
  }
}

function toolOf(payload: JsonObject): HookedTool {
  return usedTool(payload, objectOf(payload, 'tool_input'))
}

/** @param input what the tool is used with. */
export function usedTool(payload: JsonObject, input: JsonObject): HookedTool {
  const name = textOf(payload, 'tool_name')
  const use = textIfAny(payload, 'tool_use_id')
  const mcp = splitMcpName(name)
  const told = payload['mcp_server']
  // A name of a tool alone can be split in two ways, and one of them would be the gateway's.
  const server = isJsonObject(told) ? textOf(told, 'name') : mcp?.server
  return {
    name: mcp?.tool ?? name,
    arguments: input,
    ...(server === undefined ? {} : { server }),
    ...(use === undefined ? {} : { use }),
  }
}

function preToolUse(decision: JsonObject): JsonObject {
  return { hookSpecificOutput: { hookEventName: 'PreToolUse', ...decision } }
}
