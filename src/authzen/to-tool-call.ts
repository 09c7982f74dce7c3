import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { AuthzenDoorDeps } from './door-deps.ts'
import type { Exchange } from './exchange.ts'
import { objectAt, type Evaluation } from './read-evaluation.ts'

/** What applications do is done on this server, whose tools `authzen.tools` of the configuration and Remit's own actions are. */
export const AUTHZEN_SERVER = 'authzen' as ServerKey

/**
 * An evaluation as a call: `action.name` is the tool, the rest its arguments. `tool.call` on a `Tool` is a call of that
 * tool with `context.arguments`. @throws RemitError `request_invalid` for such a call without arguments.
 */
export function toToolCall(
  { fileSystem, newRequestId }: Pick<AuthzenDoorDeps, 'fileSystem' | 'newRequestId'>,
  { requestId, traceparent }: Pick<Exchange, 'requestId' | 'traceparent'>,
  evaluation: Evaluation,
): ToolCall {
  return {
    door: 'authzen',
    kind: 'tool',
    server: AUTHZEN_SERVER,
    ...toolOf(evaluation),
    fileSystem,
    correlation: {
      requestId: newRequestId(),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(requestId === undefined ? {} : { toolUse: requestId }),
    },
  }
}

function toolOf({ subject, action, resource, context }: Evaluation): Pick<ToolCall, 'tool' | 'arguments'> {
  if (action.name === 'tool.call' && resource.type === 'Tool') {
    return { tool: resource.id, arguments: argumentsOf(context) }
  }
  return {
    tool: action.name,
    arguments: {
      type: resource.type,
      id: resource.id,
      ...given('properties', resource.properties),
      ...given('action', action.properties),
      ...given('subject', subject.properties),
      ...given('context', context),
    },
  }
}

function argumentsOf(context: JsonObject | undefined): JsonObject {
  const value = context?.['arguments']
  if (value !== undefined) return objectAt(value, 'context.arguments')
  throw new RemitError(
    'request_invalid',
    'a `tool.call` must have the arguments of its tool in `context.arguments`: `{}` where there are none',
  )
}

/** What is empty says nothing, and a call is the same with it or without. */
function given(name: string, members: JsonObject | undefined): JsonObject {
  return members === undefined || Object.keys(members).length === 0 ? {} : { [name]: members }
}
