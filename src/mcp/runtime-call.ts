import { isJsonObject, type JsonObject } from '../core/json.ts'
import { RUNTIME_TOOL, runtimeRefusal, runtimeResult } from '../core/runtime-tool.ts'
import type { Message, RequestId } from './json-rpc.ts'
import { KEYS } from './wire/rev-2026-07-28/keys.ts'

/** A call of the gateway's own tool. */
export interface RuntimeCall {
  readonly id: RequestId
  readonly arguments: JsonObject
  /** Of 2026-07-28, whose results say that they are whole. */
  readonly modern: boolean
}

/** undefined = it is none. */
export function runtimeCallOf(message: Message): RuntimeCall | undefined {
  if (message.kind !== 'request' || message.method !== 'tools/call') return undefined
  const { name, arguments: args, _meta: meta } = message.params
  if (name !== RUNTIME_TOOL) return undefined
  return {
    id: message.id,
    arguments: isJsonObject(args) ? args : {},
    modern: isJsonObject(meta) && meta[KEYS.protocolVersion] !== undefined,
  }
}

/** The answer to it where none can be had, as whoever asked takes it for a no. */
export function refusedRuntimeCall({ id, arguments: asked, modern }: RuntimeCall, why: string): JsonObject {
  const result = runtimeResult(runtimeRefusal(asked, why))
  return { jsonrpc: '2.0', id, result: modern ? { resultType: 'complete', ...result } : result }
}
