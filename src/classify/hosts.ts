import type { Label } from '../core/labels.ts'
import type { EntityRef, Resource } from '../core/resource.ts'

/** Where an address leads, canonical. */
export interface NetworkTarget {
  readonly resource: Resource
  readonly labels: readonly Label[]
  /** Explicit port, or the scheme’s own; 0 = none is known. */
  readonly port: number
  readonly loopback: boolean
}

const MAX_URL = 8_192
const SPECIAL = /^(?:https?|wss?|ftp):/i
const METADATA: ReadonlySet<string> = new Set([
  '100.100.100.200',
  '168.63.129.16',
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '192.0.0.192',
  '[fd00:ec2::23]',
  '[fd00:ec2::254]',
  '[fd20:ce::254]',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata',
  'metadata.azure.internal',
  'metadata.google.internal',
  'metadata.tencentyun.com',
])
/** Names that a public zone never has, and services that answer any private address under a public name. */
const INTERNAL_NAME = /\.(?:internal|intranet|intra|corp|lan|private|home\.arpa|cluster\.local|svc|local)$/
const REBINDING =
  /(?:^|\.)(?:nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|rbndr\.us)$/

/**
 * An absolute URL by the WHATWG standard (https://url.spec.whatwg.org/): IDN in ASCII, IPv4 of any spelling dotted,
 * user information and fragment gone. `undefined` = no URL, or none that every reader takes alike.
 */
export function readUrl(text: string): NetworkTarget | undefined {
  if (text.length > MAX_URL || !isPlain(text)) return undefined
  if (!SPECIAL.test(text)) return readOther(text)
  // `\` is `/` to a browser and nothing special to others: whoever writes it means to deceive one of them.
  if (!/^[a-z]+:\/\/[^/\\@]/i.test(text) || text.includes('\\')) return undefined
  const url = parse(text)
  if (url === undefined || url.hostname === '') return undefined
  const host = canonicalHost(url.hostname)
  if (host === undefined) return undefined
  const port = url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port)
  const authority = url.port === '' ? host : `${host}:${url.port}`
  return target('Url', `${url.protocol}//${authority}${url.pathname}${url.search}`, host, port)
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'ws:': 80,
  'wss:': 443,
  'ftp:': 21,
}

/** Schemes with an authority that the standard leaves alone, such as `ssh:` and `postgres:`. */
function readOther(text: string): NetworkTarget | undefined {
  const found = /^([a-z][a-z0-9+.-]{1,30}):\/\/(?:[^/?#\\@]*@)?([^/?#\\@]+)([/?][^#]*)?/i.exec(text)
  const [, scheme = '', authority = '', rest = ''] = found ?? []
  if (scheme === '' || /^(?:file|data|javascript|blob|about|view-source|chrome)$/i.test(scheme))
    return undefined
  const like = readHost(authority)
  if (like === undefined) return undefined
  const port = like.port === 0 ? '' : `:${like.port}`
  return {
    ...target(
      'Url',
      `${scheme.toLowerCase()}://${like.resource.id}${port}${rest}`,
      like.resource.id,
      like.port,
    ),
  }
}

/** `name`, `name:port`, an address or `[v6]:port`. */
export function readHost(text: string): NetworkTarget | undefined {
  if (text.length > 300 || !isPlain(text) || /[/?#@\\%]/.test(text)) return undefined
  const bare = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) ? `[${text}]` : text
  const url = parse(`http://${bare}`)
  const host = url === undefined ? undefined : canonicalHost(url.hostname)
  if (url === undefined || host === undefined) return undefined
  return target('Host', host, host, url.port === '' ? 0 : Number(url.port))
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** Nothing that parsers strip or that a reader cannot see. */
function isPlain(text: string): boolean {
  return text !== '' && text.isWellFormed() && !/[\s\p{Cc}\p{Cf}\p{Zs}]/u.test(text)
}

/** Without root dot; an IPv4 address inside an IPv6 one is that address. */
function canonicalHost(hostname: string): string | undefined {
  const host = hostname.replace(/\.$/, '')
  if (host.startsWith('[')) return embeddedIpv4(host) ?? host
  if (host === '' || host.includes('..') || host.startsWith('.')) return undefined
  return host
}

/** `::ffff:a.b.c.d`, `::a.b.c.d`, `64:ff9b::a.b.c.d` and 6to4, as URL writes them. */
function embeddedIpv4(host: string): string | undefined {
  const found =
    /^\[(?:::ffff:(?:0:)?|64:ff9b::|::)([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host) ??
    /^\[2002:([0-9a-f]{1,4}):([0-9a-f]{1,4}):/.exec(host)
  if (found === null) return undefined
  const high = Number.parseInt(found[1] ?? '', 16)
  const low = Number.parseInt(found[2] ?? '', 16)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function target(type: 'Host' | 'Url', id: string, host: string, port: number): NetworkTarget {
  const domains = domainsOf(host)
  const ancestors: readonly EntityRef[] = type === 'Url' ? [{ type: 'Host', id: host }, ...domains] : domains
  return { resource: { type, id, ancestors }, labels: labelsOf(host), port, loopback: isLoopback(host) }
}

/** The name itself and every zone above it but the top-level one, nearest first. An address lies in none. */
export function domainsOf(host: string): readonly EntityRef[] {
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) return []
  const names = host.split('.')
  return names.slice(0, -1).map((_, at) => ({ type: 'Domain', id: names.slice(at).join('.') }))
}

function isLoopback(host: string): boolean {
  return (
    /^(?:127\.[\d.]+|0\.0\.0\.0|\[::1?\]|localhost|(?:.+\.)?localhost)$/.test(host) ||
    host === 'localhost.localdomain'
  )
}

/** RFC 6890 ranges that are no public address. */
function labelsOf(host: string): readonly Label[] {
  const labels: Label[] = []
  if (METADATA.has(host)) labels.push('metadata')
  if (isPrivate(host)) labels.push('private')
  if (INTERNAL_NAME.test(host) || isSingleName(host)) labels.push('internal')
  return labels
}

function isPrivate(host: string): boolean {
  if (isLoopback(host) || REBINDING.test(host)) return true
  if (host.startsWith('[')) return /^\[(?:f[cd]|fe[89a-f])/.test(host)
  if (!/^[\d.]+$/.test(host)) return false
  const [a = 0, b = 0] = host.split('.').map(Number)
  if (a === 10 || a === 0 || a >= 224 || (a === 192 && b === 168) || (a === 169 && b === 254)) return true
  return (
    (a === 172 && b >= 16 && b < 32) ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 198 && (b === 18 || b === 19))
  )
}

/** A name without a dot is one of the network that the machine stands in. */
function isSingleName(host: string): boolean {
  return !host.startsWith('[') && !host.includes('.') && host !== 'localhost'
}
