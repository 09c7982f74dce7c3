import type { JsonObject } from '../../core/json.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { HookedTool, HookEvent } from '../hook-event.ts'
import { firstOf, objectOrText, resultOf, textIfAny, textOf, toldOf } from '../read-payload.ts'

/**
 * Cursor, from its documentation of September 2026: `preToolUse` for everything, or the events for commands, MCP tools and
 * files alone. With `failClosed` an empty answer is a failure, so a permit is said aloud; only a `deny` is reliable.
 * https://cursor.com/docs/agent/hooks
 */
export const CURSOR: AgentAdapter = {
  agent: 'cursor',
  // Two hooks are asked about one use where Claude Code’s are set up too.
  usesAreUnique: true,
  read: readCursorEvent,
  allow: () => ({ permission: 'allow' }),
  deny: (_, why) => ({ permission: 'deny', user_message: why, agent_message: why }),
  // Results are the agent's: there is no answer with which a hook replaces one of a tool of its own.
  replace: () => undefined,
}

function readCursorEvent(payload: JsonObject): HookEvent {
  const name = textOf(payload, 'hook_event_name')
  const folder = textIfAny(payload, 'cwd') ?? firstOf(payload, 'workspace_roots')
  const told = {
    ...toldOf(payload, { session: 'conversation_id' }),
    ...(folder === undefined ? {} : { folder }),
  }
  switch (name) {
    case 'sessionStart': {
      const version = textIfAny(payload, 'cursor_version')
      return { ...told, moment: 'start', ...(version === undefined ? {} : { version }) }
    }
    case 'preToolUse':
    case 'beforeMCPExecution':
      return { ...told, moment: 'before', tool: toolOf(payload, name === 'beforeMCPExecution') }
    case 'beforeShellExecution':
      return {
        ...told,
        moment: 'before',
        tool: { name: 'Shell', arguments: { command: textOf(payload, 'command') } },
      }
    case 'beforeReadFile':
      return {
        ...told,
        moment: 'before',
        tool: { name: 'Read', arguments: { file_path: textOf(payload, 'file_path') } },
      }
    case 'postToolUse': {
      const result = resultOf(payload, 'tool_output')
      return { ...told, moment: 'after', tool: toolOf(payload), ...(result === undefined ? {} : { result }) }
    }
    case 'postToolUseFailure':
      return {
        ...told,
        moment: 'after',
        tool: toolOf(payload),
        failure: textIfAny(payload, 'error_message') ?? 'the tool failed',
      }
    default:
      return { ...told, moment: 'other', name }
  }
}

/** A tool of an MCP server that is not named is of a server that nobody knows. */
function toolOf(payload: JsonObject, ofServer = false): HookedTool {
  const name = textOf(payload, 'tool_name')
  const use = textIfAny(payload, 'tool_use_id')
  const server =
    textIfAny(payload, 'mcp_server_name') ?? (ofServer || name.startsWith('MCP') ? 'unnamed' : undefined)
  return {
    name: server === undefined ? name : name.replace(/^MCP:\s*/, ''),
    arguments: objectOrText(payload, 'tool_input'),
    ...(server === undefined ? {} : { server }),
    ...(use === undefined ? {} : { use }),
  }
}
