import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { Agent, Pool, buildConnector } from 'undici'
import { RemitError } from '../core/errors.ts'
import { addressKind, bareHost, isLoopbackHost } from './ip-ranges.ts'

export interface OutboundGuard {
  /** Hosts that configuration names itself: these may be loopback or private. */
  readonly named?: readonly string[]
  /** True = private and loopback addresses are allowed behind any name; metadata services never are. */
  readonly allowPrivate?: boolean
  /** Ports on which this gateway listens; no outbound request reaches them on any address of this machine. */
  readonly ownPorts?: () => ReadonlySet<number>
}

export interface SafePoolOptions extends OutboundGuard {
  readonly connections?: number
  /** Milliseconds; below the usual 5 s of servers, so that a reused socket is not one being closed. */
  readonly keepAliveTimeout?: number
  readonly connectTimeout?: number
}

const COMMON = {
  // A long SSE stream on HTTP/2 stalls the requests that share its connection.
  allowH2: false,
  pipelining: 1,
  // The caller's own timer rules: a stream may be silent for long.
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveMaxTimeout: 60_000,
}

/** Keep-alive connections to the one origin that an administrator configured. Redirects are never followed. */
export function createSafePool(url: URL, options: SafePoolOptions = {}): Pool {
  const named = [...(options.named ?? []), url.hostname]
  return new Pool(url.origin, {
    ...COMMON,
    connections: options.connections ?? 128,
    keepAliveTimeout: options.keepAliveTimeout ?? 4_000,
    connect: guardedConnector({ ...options, named }, options.connectTimeout),
  })
}

/** For URLs learned from others: nothing private unless the guard says so. Redirects are never followed. */
export function createSafeAgent(options: SafePoolOptions = {}): Agent {
  return new Agent({
    ...COMMON,
    keepAliveTimeout: options.keepAliveTimeout ?? 4_000,
    connect: guardedConnector(options, options.connectTimeout),
  })
}

/**
 * Refuses an address before a socket is opened to it.
 * @param host the name or address that the URL gave
 * @param address one IP address that it means
 * @throws RemitError `upstream_unavailable`.
 */
export function checkAddress(
  target: { host: string; address: string; port: number },
  guard: OutboundGuard,
): void {
  const { host, address, port } = target
  const kind = addressKind(address)
  if (guard.ownPorts?.().has(port) === true && isThisMachine(address, kind)) {
    throw refused(`\`${host}:${port}\` is a port of the gateway itself; name the upstream's own URL`)
  }
  if (kind === 'public') return
  if (isNamed(host, guard)) return
  if (guard.allowPrivate === true && (kind === 'private' || kind === 'loopback')) return
  throw refused(
    `\`${host}\` leads to a ${kind} address; name the address in the configured URL or allow private ones`,
  )
}

/** The URL names a private place itself when its host is an address or a loopback name. */
function isNamed(host: string, guard: OutboundGuard): boolean {
  const bare = bareHost(host)
  if (isIP(bare) === 0 && !isLoopbackHost(bare)) return false
  return (guard.named ?? []).some((name) => bareHost(name) === bare)
}

function isThisMachine(address: string, kind: string): boolean {
  if (kind === 'loopback') return true
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((entry) => entry.address))
  return own.includes(address) || own.some((mine) => address.toLowerCase() === `::ffff:${mine}`)
}

/** Resolves once, checks every answer, and connects to exactly what was checked. */
function guardedConnector(guard: OutboundGuard, timeout = 10_000): buildConnector.connector {
  const connectors = new Map<number, buildConnector.connector>()
  return (options, callback) => {
    const port = Number(options.port === '' ? (options.protocol === 'https:' ? 443 : 80) : options.port)
    const host = bareHost(options.hostname)
    try {
      if (isIP(host) !== 0) checkAddress({ host, address: host, port }, guard)
    } catch (error) {
      callback(error as Error, null)
      return
    }
    let connect = connectors.get(port)
    if (connect === undefined) {
      connect = buildConnector({ allowH2: false, timeout, lookup: pinnedLookup(port, guard) })
      connectors.set(port, connect)
    }
    connect(options, callback)
  }
}

function pinnedLookup(port: number, guard: OutboundGuard): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, '', 0)
        return
      }
      answerLookup({ hostname, port, found, all: options.all === true }, guard, callback)
    })
  }
}

function answerLookup(
  query: { hostname: string; port: number; found: readonly LookupAddress[]; all: boolean },
  guard: OutboundGuard,
  callback: Parameters<LookupFunction>[2],
): void {
  const [first] = query.found
  try {
    if (first === undefined) throw refused(`\`${query.hostname}\` has no address`)
    // One forbidden answer among good ones is an attack on the choice, not a fallback.
    for (const { address } of query.found)
      checkAddress({ host: query.hostname, address, port: query.port }, guard)
  } catch (error) {
    callback(error as NodeJS.ErrnoException, '', 0)
    return
  }
  if (query.all) callback(null, [...query.found])
  else callback(null, first.address, first.family)
}

function refused(message: string): RemitError {
  return new RemitError('upstream_unavailable', message)
}
