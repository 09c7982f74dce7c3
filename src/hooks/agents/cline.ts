import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { PLAIN } from '../../gate/settle-reported.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { HookedTool, HookEvent } from '../hook-event.ts'
import { firstOf, objectOf, objectOrText, resultOf, textIfAny, textOf } from '../read-payload.ts'

/**
 * Cline 3.0.65 (`tool_call`, `tool_result`), and its extension as documented (`PreToolUse`, `PostToolUse`). It looks at no exit
 * code: `cancel` is its only no, and ends the run. There is no answer that replaces a result, so one that the model may not
 * read ends the run too.
 * https://docs.cline.bot/features/hooks/hook-reference
 */
export const CLINE: AgentAdapter = {
  agent: 'cline',
  // It runs the tool after two minutes without an answer, and `remit-hook` gives up 20 seconds before.
  longestHold: 90_000,
  read: readClineEvent,
  allow: () => undefined,
  deny: (_, why) => cancelled(why),
  replace: (_, result) => {
    const why = result[PLAIN]
    return cancelled(
      typeof why === 'string' ? why : 'the result holds a secret, and Cline takes no other result',
    )
  },
}

function cancelled(why: string): JsonObject {
  return { cancel: true, errorMessage: `remit: ${why}` }
}

function readClineEvent(payload: JsonObject): HookEvent {
  const name = textOf(payload, 'hookName')
  const told = toldOf(payload)
  switch (name) {
    case 'tool_call':
      return { ...told, moment: 'before', tool: toolOf(objectOf(payload, 'tool_call')) }
    case 'tool_result': {
      const record = objectOf(payload, 'tool_result')
      return { ...told, moment: 'after', tool: toolOf(record), ...endOf(record) }
    }
    case 'PreToolUse':
      return { ...told, moment: 'before', tool: toolOfExtension(objectOf(payload, 'preToolUse')) }
    case 'PostToolUse': {
      const record = objectOf(payload, 'postToolUse')
      return { ...told, moment: 'after', tool: toolOfExtension(record), ...endOfExtension(record) }
    }
    case 'agent_start':
    case 'TaskStart':
      return told.subAgent === undefined
        ? { ...told, moment: 'start' }
        : { ...told, moment: 'sub-agent-began', subAgent: told.subAgent }
    case 'agent_end':
      return told.subAgent === undefined
        ? { ...told, moment: 'other', name }
        : { ...told, moment: 'sub-agent-ended', subAgent: told.subAgent }
    default:
      return { ...told, moment: 'other', name }
  }
}

/** A sub-agent is one that has a parent; the conversation of all of them is the root's. */
function toldOf(payload: JsonObject): Pick<HookEvent, 'session' | 'subAgent' | 'subAgentParent' | 'folder'> {
  const context = payload['sessionContext']
  const root = isJsonObject(context) ? textIfAny(context, 'rootSessionId') : undefined
  const session = root ?? textIfAny(payload, 'taskId')
  const parent = textIfAny(payload, 'parent_agent_id')
  const agent = textIfAny(payload, 'agent_id')
  const folder = firstOf(payload, 'workspaceRoots')
  if (parent !== undefined && agent === undefined) {
    throw new RemitError('request_invalid', "the hook's payload must have a text `agent_id`")
  }
  return {
    ...(session === undefined ? {} : { session }),
    // Of what the agent itself started it is the agent, which is no sub-agent.
    ...(parent === undefined || agent === undefined ? {} : { subAgent: agent, subAgentParent: parent }),
    ...(folder === undefined ? {} : { folder }),
  }
}

/** `server__tool`; no tool of its own has two underscores in its name. */
function toolOf(call: JsonObject): HookedTool {
  const name = textOf(call, 'name')
  const [, server, tool] = /^(.+?)__(.+)$/s.exec(name) ?? []
  return {
    name: tool ?? name,
    arguments: objectOf(call, 'input'),
    ...(server === undefined ? {} : { server }),
    use: textOf(call, 'id'),
  }
}

/** The extension tells every argument as text, and MCP tools as arguments of one of its own. */
function toolOfExtension(call: JsonObject): HookedTool {
  const name = textOf(call, 'toolName')
  const input = objectOf(call, 'parameters')
  if (name !== 'use_mcp_tool') return { name, arguments: input }
  return {
    name: textOf(input, 'tool_name'),
    server: textOf(input, 'server_name'),
    arguments: input['arguments'] === undefined ? {} : objectOrText(input, 'arguments'),
  }
}

interface End {
  readonly result?: JsonObject
  readonly failure?: string
}

function endOf(record: JsonObject): End {
  const result = resultOf(record, 'output')
  const failure = textIfAny(record, 'error') ?? failureIn(record['output'])
  return { ...(result === undefined ? {} : { result }), ...(failure === undefined ? {} : { failure }) }
}

/** Its own tools say of each thing that they did whether it went well. */
function failureIn(output: JsonObject[string] | undefined): string | undefined {
  const all = Array.isArray(output) ? output : [output]
  const failed = all.find((one) => isJsonObject(one) && one['success'] === false)
  return isJsonObject(failed) ? (textIfAny(failed, 'error') ?? 'the tool failed') : undefined
}

function endOfExtension(record: JsonObject): End {
  const result = resultOf(record, 'result')
  return {
    ...(result === undefined ? {} : { result }),
    ...(record['success'] === false ? { failure: 'the tool failed' } : {}),
  }
}
