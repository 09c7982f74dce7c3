import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { RemitError } from '../core/errors.ts'
import { isLoopback, type ListenAddress, parseAddress } from './listen-address.ts'
import type { LoadedConfig } from './load-config.ts'
import { openPlane, type Plane, type PlaneOptions } from './plane.ts'
import { servesTls } from './serves-tls.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

export interface Planes {
  readonly agent: Plane
  readonly admin: Plane
  /** Base URLs as clients know them, without a slash at their end. */
  readonly urls: { readonly agent: string; readonly admin: string }
}

/**
 * Takes both ports before anything else happens.
 * @throws RemitError `port_taken`, `config_invalid` for a certificate that cannot be read.
 */
export async function openPlanes({
  config,
  folder,
}: Pick<LoadedConfig, 'config' | 'folder'>): Promise<Planes> {
  const tls = config.tls === undefined ? undefined : readTls(config.tls, folder)
  const asking = certificatesOf(config, folder)
  const open = (name: 'agent' | 'admin'): Promise<Plane> => {
    const address = parseAddress(config.listen[name]) ?? unreachable()
    const secure = tls !== undefined && servesTls(config, name)
    return openPlane({
      name,
      address,
      connections: config.limits.connections,
      admits: secure || isLoopback(address.host) ? () => true : proxiesOnly(config.trustedProxies),
      ...(secure ? { tls } : {}),
      ...(name === 'agent' ? asking : {}),
    })
  }
  const agent = await open('agent')
  try {
    const admin = await open('admin')
    const urls = { agent: bare(config.publicUrl ?? agent.url), admin: bare(config.adminUrl ?? admin.url) }
    return { agent, admin, urls }
  } catch (error) {
    await agent.close(0)
    throw error
  }
}

/** A plain listener off loopback answers the proxies that end TLS, and nobody around them. */
function proxiesOnly(proxies: readonly string[]): (address: string) => boolean {
  const isProxy = oneOf(proxies)
  return (peer) => isLoopback(plainAddress(peer)) || isProxy(peer)
}

function oneOf(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (peer) => {
    const address = plainAddress(peer)
    const family = isIP(address)
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }
}

/** IPv4 as it is, also where the listener is one of IPv6. */
function plainAddress(peer: string): string {
  return peer.startsWith('::ffff:') ? peer.slice(7) : peer
}

/** @throws RemitError `config_invalid` for an authority that cannot be read. */
function certificatesOf(
  { tls, trustedProxies }: LoadedConfig['config'],
  folder: string,
): Pick<PlaneOptions, 'certificates'> {
  if (tls === undefined || tls.clientCertificates === 'none') return {}
  const ca = tls.clientCa === undefined ? undefined : readPem('clientCa', tls.clientCa, folder)
  if (ca !== undefined && !isCertificate(ca)) {
    throw new RemitError('config_invalid', '`tls.clientCa`: there is no certificate in PEM in it')
  }
  return { certificates: { ca, isProxy: oneOf(trustedProxies), now: () => SYSTEM_CLOCK.now() } }
}

function isCertificate(pem: Buffer): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

function readPem(key: string, file: string, folder: string): Buffer {
  const path = resolve(folder, file)
  try {
    return readFileSync(path)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new RemitError('config_invalid', `\`tls.${key}\`: \`${path}\` cannot be read (${code})`, { cause })
  }
}

function readTls(
  files: { readonly cert: string; readonly key: string },
  folder: string,
): { readonly cert: Buffer; readonly key: Buffer } {
  const pair = { cert: readPem('cert', files.cert, folder), key: readPem('key', files.key, folder) }
  try {
    createSecureContext(pair)
  } catch (cause) {
    throw new RemitError('config_invalid', '`tls`: the certificate and the key are not a PEM pair', { cause })
  }
  return pair
}

function bare(url: string): string {
  return url.replace(/\/$/, '')
}

/** The schema has let only addresses through that parse. */
function unreachable(): ListenAddress {
  throw new RemitError('internal', 'an address that was validated does not parse')
}
