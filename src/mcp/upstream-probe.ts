import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { HttpEndpoint } from './upstream-endpoint.ts'
import type { ClientInfo } from './upstream-envelope.ts'
import { startHttpCall } from './upstream-http-call.ts'
import { HttpRefused } from './upstream-refused.ts'
import { planModernCall } from './upstream-http-modern.ts'
import { initializeParams, readDiscover, readInitialize, versionUnknown } from './upstream-initialize.ts'
import type { StdioSession } from './upstream-stdio.ts'
import { UpstreamRpcError, type Era, type UpstreamInfo } from './upstream.ts'

/** Milliseconds. A verdict that is kept for ever would miss an upgraded server. */
const VERDICT_LIFE = 600_000
const DISCOVER_TIMEOUT = 10_000
const STDIO_DISCOVER_TIMEOUT = 2_000

const HEADER_MISMATCH = -32020
const CAPABILITY_MISSING = -32021
const VERSION_UNSUPPORTED = -32022

/** What was last found out of one server, for a while. */
export class EraMemory {
  readonly #now: () => number
  #verdict: { era: Era; info: UpstreamInfo | undefined; at: number } | undefined

  /** @param now milliseconds of a clock that does not jump. */
  constructor(now: () => number) {
    this.#now = now
  }

  recall(): { readonly era: Era; readonly info: UpstreamInfo | undefined } | undefined {
    const verdict = this.#verdict
    return verdict !== undefined && this.#now() - verdict.at < VERDICT_LIFE ? verdict : undefined
  }

  keep(era: Era, info?: UpstreamInfo): void {
    this.#verdict = { era, info, at: this.#now() }
  }

  forget(): void {
    this.#verdict = undefined
  }
}

/**
 * What a modern server says of itself; undefined = it is of the initialize era. Only a 4xx answer whose body
 * is no error of 2026-07-28 is evidence of that: 401, 403 and 5xx say nothing about the era.
 * @throws RemitError `upstream_*`.
 */
export async function discoverHttp(
  endpoint: HttpEndpoint,
  client: ClientInfo,
  timeout: number,
): Promise<UpstreamInfo | undefined> {
  const request = discoverRequest()
  const { plan } = planModernCall(request, { id: 1, client, timeout })
  const limit = Math.min(timeout, DISCOVER_TIMEOUT)
  let status = 0
  const onHeaders = (_headers: unknown, code: number): void => {
    status = code
  }
  try {
    return readDiscover(await startHttpCall({ ...plan, endpoint, id: 1, request, timeout: limit, onHeaders }))
  } catch (error) {
    if (status >= 500 || SILENT.has(status)) throw error
    if (error instanceof UpstreamRpcError) return fallbackOn(error)
    if (error instanceof HttpRefused && status >= 400) return undefined
    throw error
  }
}

/** Statuses below 500 that say nothing about the era. */
const SILENT: ReadonlySet<number> = new Set([401, 403, 407, 408, 429])

/** Finds out the era of a child and begins the session on that same child: spawning twice could act twice. */
export async function beginStdio(
  session: StdioSession,
  options: { client: ClientInfo; clientCapabilities: JsonObject; timeout: number; era: Era | 'auto' },
): Promise<UpstreamInfo> {
  if (options.era !== 'legacy') {
    const info = await discoverStdio(session, options)
    if (info !== undefined) return info
  }
  const params = initializeParams(options.client, options.clientCapabilities)
  const request = { method: 'initialize', params, signal: NEVER, clientCapabilities: {} }
  const info = readInitialize(await session.exchange(request, 'legacy', options.timeout))
  await session.notify('notifications/initialized', {})
  return info
}

async function discoverStdio(
  session: StdioSession,
  options: { timeout: number; era: Era | 'auto' },
): Promise<UpstreamInfo | undefined> {
  const pinned = options.era === 'modern'
  const limit = pinned ? options.timeout : Math.min(options.timeout, STDIO_DISCOVER_TIMEOUT)
  try {
    const info = readDiscover(await session.exchange(discoverRequest(), 'modern', limit))
    if (info !== undefined || !pinned) return info
  } catch (error) {
    if (pinned || session.closed) throw error
    return undefined
  }
  throw versionUnknown('another than 2026-07-28')
}

/** A modern error proves a modern server, unless it names only versions of the other era. */
function fallbackOn(error: UpstreamRpcError): undefined {
  if (error.rpcCode === HEADER_MISMATCH || error.rpcCode === CAPABILITY_MISSING) {
    throw new RemitError('upstream_unavailable', 'the server refused `server/discover`; check its version', {
      detail: error.message,
    })
  }
  if (error.rpcCode === VERSION_UNSUPPORTED) {
    const { supported } = (error.data ?? {}) as { supported?: unknown }
    const legacy = Array.isArray(supported) && supported.some((version) => String(version) < '2026')
    if (!legacy) throw versionUnknown(Array.isArray(supported) ? supported.join(', ') : 'unknown')
  }
  return undefined
}

function discoverRequest(): {
  method: string
  params: JsonObject
  signal: AbortSignal
  clientCapabilities: JsonObject
} {
  return { method: 'server/discover', params: {}, signal: NEVER, clientCapabilities: {} }
}

const NEVER = new AbortController().signal
