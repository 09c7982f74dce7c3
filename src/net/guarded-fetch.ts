import { request } from 'undici'
import { RemitError } from '../core/errors.ts'
import { isLoopbackHost } from './ip-ranges.ts'
import { createSafeAgent, type OutboundGuard } from './safe-dispatcher.ts'

/** What of `RequestInit` is understood. */
export interface GuardedRequest {
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface GuardedFetchOptions extends OutboundGuard {
  /** True = `http:` is spoken with this machine itself; with every other one never. */
  readonly plainLoopback?: boolean
  /** Milliseconds for all of it; default ten seconds. */
  readonly timeout?: number
}

const LONGEST = 65_536
const TIMEOUT = 10_000

/**
 * `fetch` for URLs that others name: https, to a checked and pinned address, without redirects, at most 64 KiB in
 * ten seconds unless it says otherwise, and without any header but those given.
 * @throws RemitError `upstream_unavailable`.
 */
export async function guardedFetch(
  url: string,
  { method, headers = {}, body }: GuardedRequest,
  options: GuardedFetchOptions,
): Promise<Response> {
  checkScheme(new URL(url), options)
  const dispatcher = createSafeAgent({ ...options, connections: 1, keepAliveTimeout: 1 })
  const signal = AbortSignal.timeout(options.timeout ?? TIMEOUT)
  try {
    const text =
      body instanceof URLSearchParams
        ? String(body)
        : typeof body === 'string' || body instanceof Uint8Array
          ? body
          : null
    const answer = await request(url, { method: method as 'GET', headers, body: text, dispatcher, signal })
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > LONGEST) throw failed(url, `it answered with more than ${LONGEST} bytes`)
      chunks.push(chunk)
    }
    const { statusCode: status } = answer
    const bodyless = status === 204 || status === 304
    return new Response(bodyless ? null : Buffer.concat(chunks), { status, headers: plain(answer.headers) })
  } catch (thrown) {
    if (thrown instanceof RemitError) throw thrown
    throw failed(url, thrown instanceof Error ? thrown.message : String(thrown))
  } finally {
    await dispatcher.destroy()
  }
}

/** @throws RemitError `upstream_unavailable`. */
export function checkScheme(url: URL, { plainLoopback }: GuardedFetchOptions): void {
  if (url.protocol === 'https:') return
  if (url.protocol === 'http:' && plainLoopback === true && isLoopbackHost(url.hostname)) return
  throw failed(url.href, 'only https is spoken there')
}

function plain(headers: Readonly<Record<string, string | string[] | undefined>>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each): [string, string] => [name, each]),
  )
}

function failed(url: string, why: string): RemitError {
  return new RemitError('upstream_unavailable', `\`${new URL(url).origin}\` could not be asked: ${why}`)
}
