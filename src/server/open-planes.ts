import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { RemitError } from '../core/errors.ts'
import { isLoopback, type ListenAddress, parseAddress } from './listen-address.ts'
import type { LoadedConfig } from './load-config.ts'
import { openPlane, type Plane } from './plane.ts'

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
  const open = (name: 'agent' | 'admin', url: string | undefined): Promise<Plane> => {
    const address = parseAddress(config.listen[name]) ?? unreachable()
    // A certificate that is configured is used, unless the plane's own URL says that it is dialled without.
    const secure = tls !== undefined && !(isLoopback(address.host) && url?.startsWith('http:') === true)
    return openPlane({
      name,
      address,
      connections: config.limits.connections,
      admits: secure || isLoopback(address.host) ? () => true : proxiesOnly(config.trustedProxies),
      ...(secure ? { tls } : {}),
    })
  }
  const agent = await open('agent', config.publicUrl)
  try {
    const admin = await open('admin', config.adminUrl)
    const urls = { agent: bare(config.publicUrl ?? agent.url), admin: bare(config.adminUrl ?? admin.url) }
    return { agent, admin, urls }
  } catch (error) {
    await agent.close(0)
    throw error
  }
}

/** A plain listener off loopback answers the proxies that end TLS, and nobody around them. */
function proxiesOnly(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (peer) => {
    const address = peer.startsWith('::ffff:') ? peer.slice(7) : peer
    const family = isIP(address)
    return family !== 0 && (isLoopback(address) || list.check(address, family === 6 ? 'ipv6' : 'ipv4'))
  }
}

function readTls(
  files: { readonly cert: string; readonly key: string },
  folder: string,
): { readonly cert: Buffer; readonly key: Buffer } {
  const read = (key: 'cert' | 'key'): Buffer => {
    const path = resolve(folder, files[key])
    try {
      return readFileSync(path)
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
      throw new RemitError('config_invalid', `\`tls.${key}\`: \`${path}\` cannot be read (${code})`, {
        cause,
      })
    }
  }
  const pair = { cert: read('cert'), key: read('key') }
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
