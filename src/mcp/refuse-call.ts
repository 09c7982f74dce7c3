import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'

/**
 * How a call that does not run is answered: for a tool as a result that the agent reads and can act on, for
 * everything else as an error.
 */
export function refusal(call: ToolCall, error: RemitError, meta: JsonObject): JsonObject {
  if (call.kind !== 'tool') {
    throw new RemitError(error.code, error.message, { data: { ...error.data, ...meta }, cause: error })
  }
  return {
    content: [{ type: 'text', text: error.message }],
    isError: true,
    _meta: { 'remit/code': error.code, ...meta },
  }
}
