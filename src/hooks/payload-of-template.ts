import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { parseStrictJson } from '../net/strict-json.ts'

/** Members of a payload that are objects or lists where they are there at all. */
const STRUCTURED = new Set(['tool_input', 'tool_response', 'mcp_server'])

/**
 * The payload of a hook again, of arguments that were made of it by a template of texts (Claude Code 2.1.330): its objects
 * are their JSON there, and what it has not is `''`.
 * @throws RemitError `json_*`.
 */
export function payloadOfTemplate(filled: JsonObject): JsonObject {
  const members = Object.entries(filled)
    .filter(([, value]) => value !== '')
    .map(([name, value]): [string, Json] => [name, STRUCTURED.has(name) ? structured(value) : value])
  return Object.fromEntries(members)
}

function structured(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  const parsed = parseStrictJson(value)
  return isJsonObject(parsed) || Array.isArray(parsed) ? parsed : value
}
