import { RemitError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'

/** Characters; MCP allows names of 128 (`names.ts`), some with a server's key in front. */
const LONGEST_NAME = 1_024
export const LONGEST_URI = 8_192

/**
 * The name that a request gives, short enough to be searched, put on record for ever, and repeated in an error.
 * @param of what it names: `tool` or `prompt`.
 * @throws RemitError `params_invalid`.
 */
export function requireName(name: Json | undefined, of: 'tool' | 'prompt'): string {
  if (typeof name !== 'string') throw new RemitError('params_invalid', `\`name\` must be the name of a ${of}`)
  if (name.length <= LONGEST_NAME) return name
  throw new RemitError('params_invalid', `\`name\` is longer than any name of a ${of}; use one from the list`)
}

/** The URI that a request gives. @throws RemitError `params_invalid`. */
export function requireUri(uri: unknown): string {
  if (typeof uri !== 'string') throw new RemitError('params_invalid', '`uri` must be the URI of a resource')
  if (uri.length <= LONGEST_URI) return uri
  throw new RemitError(
    'params_invalid',
    `\`uri\` is longer than ${String(LONGEST_URI)} characters; use a shorter one`,
  )
}
