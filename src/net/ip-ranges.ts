import { BlockList, isIP } from 'node:net'

/**
 * What an IP address reaches. `metadata` = a cloud's instance credentials; `reserved` = addresses that no
 * ordinary host has (documentation, multicast, translation prefixes that could hide another address).
 */
export type AddressKind = 'public' | 'loopback' | 'private' | 'link-local' | 'metadata' | 'reserved'

type Range = readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6']

const RANGES: Readonly<Record<Exclude<AddressKind, 'public'>, readonly Range[]>> = {
  metadata: [
    ['169.254.169.254', 32, 'ipv4'],
    ['169.254.170.2', 32, 'ipv4'],
    ['169.254.170.23', 32, 'ipv4'],
    ['100.100.100.200', 32, 'ipv4'],
    ['168.63.129.16', 32, 'ipv4'],
    ['192.0.0.192', 32, 'ipv4'],
    ['fd00:ec2::254', 128, 'ipv6'],
    ['fd00:ec2::23', 128, 'ipv6'],
    ['fd20:ce::254', 128, 'ipv6'],
  ],
  loopback: [
    ['127.0.0.0', 8, 'ipv4'],
    ['0.0.0.0', 8, 'ipv4'],
    ['::1', 128, 'ipv6'],
    ['::', 128, 'ipv6'],
  ],
  'link-local': [
    ['169.254.0.0', 16, 'ipv4'],
    ['fe80::', 10, 'ipv6'],
  ],
  private: [
    ['10.0.0.0', 8, 'ipv4'],
    ['172.16.0.0', 12, 'ipv4'],
    ['192.168.0.0', 16, 'ipv4'],
    ['100.64.0.0', 10, 'ipv4'],
    ['fc00::', 7, 'ipv6'],
    ['fec0::', 10, 'ipv6'],
  ],
  // IANA special-purpose registries (RFC 6890), and prefixes that embed an IPv4 address (RFC 6052, 3056, 4380).
  reserved: [
    ['192.0.0.0', 24, 'ipv4'],
    ['192.0.2.0', 24, 'ipv4'],
    ['192.88.99.0', 24, 'ipv4'],
    ['198.18.0.0', 15, 'ipv4'],
    ['198.51.100.0', 24, 'ipv4'],
    ['203.0.113.0', 24, 'ipv4'],
    ['224.0.0.0', 4, 'ipv4'],
    ['240.0.0.0', 4, 'ipv4'],
    ['64:ff9b::', 96, 'ipv6'],
    ['64:ff9b:1::', 48, 'ipv6'],
    ['100::', 64, 'ipv6'],
    ['2001::', 23, 'ipv6'],
    ['2001:db8::', 32, 'ipv6'],
    ['2002::', 16, 'ipv6'],
    ['3fff::', 20, 'ipv6'],
    ['5f00::', 16, 'ipv6'],
    ['ff00::', 8, 'ipv6'],
  ],
}

/** Most telling first: the metadata service is also link-local. */
const ORDER = ['metadata', 'loopback', 'link-local', 'private', 'reserved'] as const

const LISTS = ORDER.map((kind) => {
  const list = new BlockList()
  for (const [network, prefix, family] of RANGES[kind]) list.addSubnet(network, prefix, family)
  return { kind, list }
})

/** An IPv4-mapped IPv6 address counts as the IPv4 address. Anything that is no IP address is `reserved`. */
export function addressKind(address: string): AddressKind {
  const plain = address.split('%', 1)[0] ?? ''
  const version = isIP(plain)
  if (version === 0) return 'reserved'
  const family = version === 4 ? 'ipv4' : 'ipv6'
  return LISTS.find(({ list }) => list.check(plain, family))?.kind ?? 'public'
}

/** True for `localhost`, names below it (RFC 6761 section 6.3) and loopback addresses, bracketed or not. */
export function isLoopbackHost(host: string): boolean {
  const name = bareHost(host)
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  return isIP(name) !== 0 && addressKind(name) === 'loopback' && name !== '0.0.0.0' && name !== '::'
}

/** A URL's host as a name or address: lower case, without brackets and the root's dot. */
export function bareHost(host: string): string {
  const name = host.toLowerCase()
  if (name.startsWith('[') && name.endsWith(']')) return name.slice(1, -1)
  return name.endsWith('.') ? name.slice(0, -1) : name
}
