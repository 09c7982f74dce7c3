import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'

/** Names of things that only their owner should know, as words of a field’s name or title. */
const SECRET_WORDS =
  /\b(?:pass ?(?:word|phrase|code|wd)|pwd|secrets?|credentials?|api ?keys?|access ?keys?|private ?keys?|ssh ?keys?|(?:access|auth|bearer|refresh|session|api|security) ?tokens?|tokens?|otp|one time (?:code|password)|(?:2|m)fa ?codes?|totp|pin ?(?:code|number)|cvv|cvc|card ?number|ssn|social security|seed ?phrase|recovery ?(?:code|phrase))\b/i
/** A count or a limit of tokens is none of them. */
const HARMLESS =
  /\b(?:max|min|total|num|number of|count|limit|used|per)\b[\w ]*\btokens?\b|\btokens? (?:count|limit|usage|budget)\b/i

/**
 * Whether an elicitation in form mode asks the human for a secret, which its answer would carry through client and
 * agent: servers MUST NOT (https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation).
 * @param params of `elicitation/create`
 */
export function asksForSecret(params: JsonObject): boolean {
  if (params['mode'] === 'url') return false
  const schema = params['requestedSchema']
  const properties = isJsonObject(schema) ? schema['properties'] : undefined
  const fields = isJsonObject(properties) ? Object.entries(properties) : []
  return fields.some(([name, field]) => isSecretField(name, field))
}

function isSecretField(name: string, field: Json): boolean {
  const { title, description, format, type } = isJsonObject(field) ? field : {}
  if (format === 'password') return true
  // A yes or no, or a number of something, is no secret whatever it is about.
  if (type === 'boolean') return false
  return [name, title, description].some((text) => typeof text === 'string' && namesSecret(text))
}

function namesSecret(text: string): boolean {
  const words = text
    .normalize('NFKC')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\-./]+/g, ' ')
  return SECRET_WORDS.test(words) && !HARMLESS.test(words)
}
