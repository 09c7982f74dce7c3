import { RemitError } from '../core/errors.ts'
import { isLoopbackHost } from './ip-ranges.ts'

/** What a listener answers to. Lower case; an authority is `host` or `host:port` as a client writes it. */
export interface HostGuard {
  readonly hosts: ReadonlySet<string>
  readonly origins: ReadonlySet<string>
}

export interface GuardedListener {
  /** Address that the listener is bound to, such as `127.0.0.1` or `0.0.0.0`. */
  readonly address: string
  readonly port: number
  /** URLs under which clients reach it beside its own address, such as the configured `publicUrl`. */
  readonly publicUrls?: readonly string[]
  /** Origins of web pages that may call it, such as `http://localhost:7411`. */
  readonly origins?: readonly string[]
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/**
 * The guard of a listener: its public URLs, and, when it is bound to loopback, every loopback name with its
 * port. A page on one of these is of the same origin.
 */
export function makeHostGuard(listener: GuardedListener): HostGuard {
  const hosts = new Set<string>()
  const origins = new Set<string>()
  for (const text of listener.publicUrls ?? []) {
    const url = new URL(text)
    hosts.add(url.host)
    hosts.add(`${url.hostname}:${url.port === '' ? defaultPort(url.protocol) : url.port}`)
    origins.add(url.origin)
  }
  if (isLoopbackHost(listener.address)) {
    for (const name of LOOPBACK_NAMES) {
      hosts.add(`${name}:${listener.port}`)
      origins.add(`http://${name}:${listener.port}`)
      if (listener.port === 80) hosts.add(name).add(`http://${name}`)
    }
  }
  for (const origin of listener.origins ?? []) origins.add(origin.toLowerCase())
  return { hosts, origins }
}

/**
 * Refuses a request whose `Host` is not ours or whose `Origin`, when there is one, is a foreign page: DNS
 * rebinding (https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http, security).
 * @throws RemitError `host_refused` | `origin_refused`, both 403.
 */
export function checkHost(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  guard: HostGuard,
): void {
  const { host, origin } = headers
  if (host === undefined || !guard.hosts.has(host.toLowerCase())) {
    throw new RemitError(
      'host_refused',
      `the Host header \`${host ?? ''}\` is not an address of this gateway; use its configured URL`,
    )
  }
  if (origin !== undefined && !guard.origins.has(origin.toLowerCase())) {
    throw new RemitError('origin_refused', `pages of \`${origin}\` may not call this gateway`)
  }
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80'
}
