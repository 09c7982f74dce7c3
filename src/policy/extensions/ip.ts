import { evaluationError } from '../evaluation-error.ts'
import { ExtensionValue } from './extension-value.ts'

/** An address or CIDR range. https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-ipaddr */
export class IpAddress extends ExtensionValue {
  readonly kind = 'ipaddr'
  readonly version: 4 | 6
  readonly bits: bigint
  readonly prefix: number

  constructor(version: 4 | 6, bits: bigint, prefix: number) {
    super()
    this.version = version
    this.bits = bits
    this.prefix = prefix
  }

  key(): string {
    return `${this.version}:${this.bits}/${this.prefix}`
  }
}

const DECIMAL_BYTE = /^(?:0|[1-9]\d{0,2})$/
const HEX_GROUP = /^[0-9a-fA-F]{1,4}$/

/** @throws RemitError for anything but an IPv4 or IPv6 address (no embedded IPv4), with `/prefix` or without. */
export function parseIp(text: string): IpAddress {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const version = address.includes(':') ? 6 : 4
  const bits = version === 6 ? parseV6(address) : parseV4(address)
  const width = version === 6 ? 128 : 32
  const prefix = slash < 0 ? width : parsePrefix(text.slice(slash + 1), width)
  if (bits === undefined || prefix === undefined) throw evaluationError(`\`${text}\` is not an IP address`)
  return new IpAddress(version, bits, prefix)
}

function parsePrefix(text: string, width: number): number | undefined {
  return DECIMAL_BYTE.test(text) && Number(text) <= width ? Number(text) : undefined
}

function parseV4(address: string): bigint | undefined {
  const bytes = address.split('.')
  if (bytes.length !== 4 || bytes.some((byte) => !DECIMAL_BYTE.test(byte) || Number(byte) > 255)) {
    return undefined
  }
  return bytes.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n)
}

function parseV6(address: string): bigint | undefined {
  const halves = address.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const [left = [], right] = halves
  if (halves.length > 2) return undefined
  const missing = 8 - left.length - (right?.length ?? 0)
  if (right === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...(right ?? [])]
  if (!groups.every((group) => HEX_GROUP.test(group))) return undefined
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(Number.parseInt(group, 16)), 0n)
}

/** Whether every address of `inner` lies in `outer`; ranges of two versions never do. */
export function isInRange(inner: IpAddress, outer: IpAddress): boolean {
  if (inner.version !== outer.version) return false
  const [low, high] = rangeOf(inner)
  const [lowest, highest] = rangeOf(outer)
  return low >= lowest && high <= highest
}

function rangeOf(ip: IpAddress): readonly [bigint, bigint] {
  const host = (1n << BigInt((ip.version === 4 ? 32 : 128) - ip.prefix)) - 1n
  return [ip.bits & ~host, ip.bits | host]
}

const LOOPBACK = { 4: parseIp('127.0.0.0/8'), 6: parseIp('::1') }
const MULTICAST = { 4: parseIp('224.0.0.0/4'), 6: parseIp('ff00::/8') }

export function isLoopback(ip: IpAddress): boolean {
  return isInRange(ip, LOOPBACK[ip.version])
}

export function isMulticast(ip: IpAddress): boolean {
  return isInRange(ip, MULTICAST[ip.version])
}
