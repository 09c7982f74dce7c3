import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { HookedTool, HookEvent } from '../hook-event.ts'
import { objectOf, resultOf, textIfAny, textOf, toldOf } from '../read-payload.ts'

/**
 * Kiro CLI, from its documentation of 2026: `preToolUse`, `postToolUse` and `agentSpawn` in an agent’s configuration. Exit code
 * 2 before a tool is its only no; nothing that a hook says replaces a result, and a use has no id. The program itself was not
 * run.
 * https://kiro.dev/docs/cli/hooks
 */
export const KIRO: AgentAdapter = {
  agent: 'kiro',
  read: readKiroEvent,
  allow: () => undefined,
  // Shown where somebody looks; what refuses is the client's exit code.
  deny: (_, why) => ({ decision: 'block', reason: why }),
  replace: () => undefined,
}

function readKiroEvent(payload: JsonObject): HookEvent {
  const name = textOf(payload, 'hook_event_name')
  const told = toldOf(payload, { session: 'session_id', folder: 'cwd' })
  // Its editor writes the names of events with a capital, its command line without.
  switch (name.toLowerCase()) {
    case 'pretooluse':
      return { ...told, moment: 'before', tool: toolOf(payload) }
    case 'posttooluse': {
      // What was put off until the turn ends comes as a list, and is not matched with its beginnings.
      if (Array.isArray(payload['hook_events'])) return { ...told, moment: 'other', name }
      const result = resultOf(payload, 'tool_response')
      const failure =
        isJsonObject(result) && result['success'] === false
          ? (textIfAny(result, 'error') ?? 'the tool failed')
          : undefined
      return {
        ...told,
        moment: 'after',
        tool: toolOf(payload),
        ...(result === undefined ? {} : { result }),
        ...(failure === undefined ? {} : { failure }),
      }
    }
    case 'agentspawn':
      return { ...told, moment: 'start' }
    default:
      return { ...told, moment: 'other', name }
  }
}

/** `@server/tool`; every name with an `@` belongs to a server. */
function toolOf(payload: JsonObject): HookedTool {
  const name = textOf(payload, 'tool_name')
  const use = textIfAny(payload, 'tool_use_id')
  const [, server, tool] = /^@([^/]*)\/?(.*)$/s.exec(name) ?? []
  return {
    name: tool === undefined || tool === '' ? name : tool,
    arguments: objectOf(payload, 'tool_input'),
    ...(server === undefined ? {} : { server: server === '' ? 'unnamed' : server }),
    ...(use === undefined ? {} : { use }),
  }
}
