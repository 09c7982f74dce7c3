import type { IncomingHttpHeaders } from 'node:http'
import { RemitError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { decodeHeaderValue } from '../header-value.ts'

/** Which member of `params` the header `Mcp-Name` repeats. */
const NAMED_BY: Readonly<Record<string, 'name' | 'uri' | 'taskId'>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}

/**
 * 2026-07-28: headers must say what the body says (SEP-2243), since others on the way may have acted on them.
 * Remit itself decides on the body alone.
 * @throws RemitError `header_mismatch` (-32020).
 */
export function checkMirroredHeaders(
  message: { readonly kind: string; readonly method: string; readonly params: JsonObject },
  version: string,
  headers: IncomingHttpHeaders,
): void {
  const strict = message.kind === 'request'
  compare('MCP-Protocol-Version', headers['mcp-protocol-version'], { body: version, strict })
  compare('Mcp-Method', headers['mcp-method'], { body: message.method, strict })
  const field = Object.hasOwn(NAMED_BY, message.method) ? NAMED_BY[message.method] : undefined
  if (!strict || field === undefined) return
  const name = message.params[field]
  if (typeof name === 'string') compare('Mcp-Name', headers['mcp-name'], { body: name, strict })
}

function compare(
  name: string,
  sent: string | readonly string[] | undefined,
  expected: { readonly body: string; readonly strict: boolean },
): void {
  if (sent === expected.body) return
  if (sent === undefined) {
    if (!expected.strict) return
    throw new RemitError('header_mismatch', `the header \`${name}\` is missing; send what the body says`)
  }
  if (typeof sent === 'string' && decodeHeaderValue(sent) === expected.body) return
  throw new RemitError('header_mismatch', `the header \`${name}\` does not say what the body says`)
}
