import { BlockList, isIP } from 'node:net'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

const ADDRESS = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/

/** `127.0.0.1:7410`, `localhost:0`, `[::1]:7410`; undefined for anything else. */
export function parseAddress(text: string): ListenAddress | undefined {
  const found = ADDRESS.exec(text)
  const host = found?.[1] ?? found?.[2]
  const port = Number(found?.[3])
  if (host === undefined || port > 65_535) return undefined
  if (found?.[1] !== undefined && isIP(host) !== 6) return undefined
  return { host, port }
}

/** `host:port` as a URL or a `Host` header writes it. */
export function authorityOf(address: ListenAddress): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Whether only this machine can reach the address. A name other than `localhost` is not trusted to be one. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  const family = isIP(host)
  return family !== 0 && LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
