import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/** A string, or a comment, or a comma before the end of a list: the first stays, the others go. */
const PARTS = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\/|,(?=\s*(?:\/\/[^\n]*\s*)*[}\]])/g

/**
 * A JSON object; comments and commas at the end of lists are passed over, as editors do.
 * @throws RemitError `config_invalid`.
 */
export function readJsonText(name: string, text: string): JsonObject {
  const plain = text.replace(/^\uFEFF/, '').replaceAll(PARTS, (part) => (part.startsWith('"') ? part : ' '))
  let value: Json
  try {
    value = JSON.parse(plain) as Json
  } catch (cause) {
    throw new RemitError('config_invalid', `\`${name}\` is not valid JSON`, { cause })
  }
  if (isJsonObject(value)) return value
  throw new RemitError('config_invalid', `\`${name}\` must hold a JSON object`)
}
