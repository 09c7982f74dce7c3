import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { asResult } from '../gate/settle-reported.ts'
import { parseStrictJson } from '../net/strict-json.ts'

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

/**
 * An object, or the JSON text of one; with `plain` also any other text, as the argument of that name.
 * @throws RemitError `request_invalid`.
 */
export function objectOrText(payload: JsonObject, name: string, plain?: string): JsonObject {
  const value = payload[name]
  if (typeof value !== 'string') return objectOf(payload, name)
  const parsed = parsedIfJson(value)
  if (isJsonObject(parsed)) return parsed
  return plain === undefined ? objectOf(payload, name) : { [plain]: value }
}

function parsedIfJson(text: string): Json | undefined {
  try {
    return parseStrictJson(text)
  } catch {
    return undefined
  }
}

/** The first text of a list; undefined = there is none. */
export function firstOf(payload: JsonObject, name: string): string | undefined {
  const value = payload[name]
  const [first] = Array.isArray(value) ? value : []
  return typeof first === 'string' && first !== '' ? first : undefined
}

/** What every event tells, each absent where the payload does not have it. */
export interface Told {
  readonly session?: string
  readonly subAgent?: string
  readonly subAgentType?: string
  readonly subAgentParent?: string
  readonly folder?: string
}

/** Where a payload has what every event tells, by the names of its members. */
export function toldOf(payload: JsonObject, names: Told): Told {
  const told = Object.entries(names).map(([what, name]) => [what, textIfAny(payload, String(name))])
  return Object.fromEntries(told.filter(([, value]) => value !== undefined)) as Told
}

/** A result as an object, since a gate inspects objects; undefined = the payload has none. */
export function resultOf(payload: JsonObject, name: string): JsonObject | undefined {
  const value = payload[name]
  if (value === undefined) return undefined
  return asResult(value)
}

/** The server and the tool of `mcp__server__tool`, which is how Claude Code and those that follow it name MCP tools. */
export function splitMcpName(name: string): { readonly server: string; readonly tool: string } | undefined {
  const [, server, tool] = /^mcp__(.+?)__(.+)$/s.exec(name) ?? []
  return server === undefined || tool === undefined ? undefined : { server, tool }
}
