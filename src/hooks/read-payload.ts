import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'

/** Members of a hook's payload, checked one by one: a hook that is not understood is refused, never guessed at. */
export function textOf(payload: JsonObject, name: string): string {
  const value = payload[name]
  if (typeof value === 'string' && value !== '') return value
  throw new RemitError('request_invalid', `the hook's payload must have a text \`${name}\``)
}

/** undefined = it is not there. */
export function textIfAny(payload: JsonObject, name: string): string | undefined {
  return payload[name] === undefined || payload[name] === null || payload[name] === ''
    ? undefined
    : textOf(payload, name)
}

export function objectOf(payload: JsonObject, name: string): JsonObject {
  const value = payload[name]
  if (isJsonObject(value)) return value
  throw new RemitError('request_invalid', `the hook's payload must have an object \`${name}\``)
}

/** A result as an object, since a gate inspects objects; undefined = the payload has none. */
export function resultOf(payload: JsonObject, name: string): JsonObject | undefined {
  const value = payload[name]
  if (value === undefined) return undefined
  return isJsonObject(value) ? value : { [PLAIN]: value }
}

/** Under this name `resultOf` keeps what was no object. */
export const PLAIN = 'value'

/** The server and the tool of `mcp__server__tool`, which is how Claude Code and those that follow it name MCP tools. */
export function splitMcpName(name: string): { readonly server: string; readonly tool: string } | undefined {
  const [, server, tool] = /^mcp__(.+?)__(.+)$/s.exec(name) ?? []
  return server === undefined || tool === undefined ? undefined : { server, tool }
}
