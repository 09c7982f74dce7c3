import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { MappedToken } from './upstream-call.ts'
import type { UpstreamRequest } from './upstream.ts'

export const MODERN_VERSION = '2026-07-28'
/** Newest first: the one that is asked for, then those that are accepted. */
export const LEGACY_VERSIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']

const PREFIX = 'io.modelcontextprotocol/'
const VERSION_KEY = `${PREFIX}protocolVersion`
const INFO_KEY = `${PREFIX}clientInfo`
const CAPABILITIES_KEY = `${PREFIX}clientCapabilities`
const LEVEL_KEY = `${PREFIX}logLevel`
const ENVELOPE: ReadonlySet<string> = new Set([VERSION_KEY, INFO_KEY, CAPABILITIES_KEY, LEVEL_KEY])

/** How Remit introduces itself to servers. */
export interface ClientInfo {
  readonly name: string
  readonly version: string
}

/**
 * Params as a 2026-07-28 server wants them: every request carries who asks and what that client can do
 * (https://modelcontextprotocol.io/specification/2026-07-28/basic, `_meta`).
 */
export function modernParams(
  request: Pick<UpstreamRequest, 'params' | 'clientCapabilities'>,
  client: ClientInfo,
): JsonObject {
  const meta = request.params['_meta']
  return {
    ...request.params,
    _meta: {
      ...(isJsonObject(meta) ? meta : undefined),
      [VERSION_KEY]: MODERN_VERSION,
      [INFO_KEY]: { name: client.name, version: client.version },
      [CAPABILITIES_KEY]: request.clientCapabilities,
    },
  }
}

/** Params for the initialize era, which knows nothing of the envelope. */
export function legacyParams(params: JsonObject): JsonObject {
  const meta = params['_meta']
  if (!isJsonObject(meta) || !Object.keys(meta).some((key) => ENVELOPE.has(key))) return params
  const kept = Object.entries(meta).filter(([key]) => !ENVELOPE.has(key))
  const { _meta: _dropped, ...rest } = params
  return kept.length === 0 ? rest : { ...rest, _meta: Object.fromEntries(kept) }
}

/**
 * Callers choose progress tokens on their own, so two that are open may be the same: each is replaced by one that the
 * server hears from nobody else.
 */
export function mapProgressToken(
  params: JsonObject,
  sent: string | number,
): { readonly params: JsonObject; readonly token?: MappedToken } {
  const meta = params['_meta']
  if (!isJsonObject(meta)) return { params }
  const { progressToken: own } = meta
  if (typeof own !== 'string' && typeof own !== 'number') return { params }
  return { params: { ...params, _meta: { ...meta, progressToken: sent } }, token: { own, sent } }
}

/** The name that `Mcp-Name` mirrors (SEP-2243). */
export function mirroredName(method: string, params: JsonObject): string | undefined {
  const name = params[NAME_PARAM[method] ?? '']
  return typeof name === 'string' ? name : undefined
}

const NAME_PARAM: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}

const PLAIN_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** A header value that says any text: plain ASCII as it is, everything else in the Base64 sentinel (SEP-2243). */
export function headerText(text: string): string {
  const plain = PLAIN_VALUE.test(text) && !(text.startsWith('=?base64?') && text.endsWith('?='))
  return plain ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`
}

/** `serverInfo` of a modern result, where servers put it. */
export function serverInfoOf(result: JsonObject): JsonObject {
  const meta = result['_meta']
  const info: Json | undefined = isJsonObject(meta) ? meta[`${PREFIX}serverInfo`] : undefined
  return isJsonObject(info) ? info : {}
}
