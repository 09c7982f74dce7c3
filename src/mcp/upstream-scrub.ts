import { RemitError } from '../core/errors.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { UpstreamRpcError, type UpstreamRequest } from './upstream.ts'

/** Takes the gateway's own credentials out of what a server says; what holds none comes back itself. */
export interface Scrub {
  text(text: string): string
  json<Value extends Json | undefined>(value: Value): Value
}

export const NO_SCRUB: Scrub = { text: (text) => text, json: (value) => value }

/** The request, whose listeners hear nothing of them either. */
export function scrubbedRequest(scrub: Scrub, request: UpstreamRequest): UpstreamRequest {
  const { onNotification, onServerRequest } = request
  return {
    ...request,
    ...(onNotification === undefined
      ? {}
      : {
          onNotification: (method: string, params: JsonObject) => {
            onNotification(scrub.text(method), scrub.json(params))
          },
        }),
    ...(onServerRequest === undefined
      ? {}
      : {
          onServerRequest: (method: string, params: JsonObject, withdrawn?: AbortSignal) =>
            onServerRequest(scrub.text(method), scrub.json(params), withdrawn),
        }),
  }
}

/** An error without them: the same one where it holds none. */
export function scrubbedError(scrub: Scrub, thrown: unknown): unknown {
  if (thrown instanceof UpstreamRpcError) {
    const message = scrub.text(thrown.message)
    const data = scrub.json(thrown.data as Json | undefined)
    if (message === thrown.message && data === thrown.data) return thrown
    return new UpstreamRpcError(thrown.rpcCode, message, data)
  }
  if (!(thrown instanceof RemitError)) return thrown
  const message = scrub.text(thrown.message)
  const detail = thrown.detail === undefined ? undefined : scrub.text(thrown.detail)
  if (message === thrown.message && detail === thrown.detail) return thrown
  const { code, data } = thrown
  return new RemitError(code, message, {
    ...(detail === undefined ? {} : { detail }),
    ...(data === undefined ? {} : { data }),
  })
}
