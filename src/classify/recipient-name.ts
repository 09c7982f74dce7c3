import type { EntityRef } from '../core/resource.ts'
import { domainsOf, readHost } from './hosts.ts'

const MAX_NAME = 320

/** Whom or what a message or money goes to, canonical. */
export interface RecipientName {
  readonly id: string
  readonly ancestors: readonly EntityRef[]
  /** Written with letters of several scripts, as a name that stands for another is. */
  readonly mixed: boolean
}

/** `undefined` = nothing that every reader would take alike. */
export function readRecipient(text: string): RecipientName | undefined {
  const name = text.normalize('NFC').trim()
  // What cannot be seen, or turns the direction of reading, hides another name.
  if (name === '' || name.length > MAX_NAME || !name.isWellFormed() || /[\p{Cc}\p{Cf}]/u.test(name))
    return undefined
  if (/^(?:mailto:)?[^@]*@/i.test(name) && /@[^@]*[.@:[]/.test(name))
    return readAddress(name.replace(/^mailto:/i, ''))
  if (name.includes('@') && /\s|</.test(name) && !MENTION.test(name)) return undefined
  return { id: plainName(name), ancestors: [], mixed: mixesScripts(name) }
}

/** `local@domain`, the local part perhaps quoted (RFC 5322 §3.4.1), without comments and source routes. */
function readAddress(text: string): RecipientName | undefined {
  const [, local = '', domain = ''] =
    /^("(?:[^"\\]|\\.)+"|[^\s@<>"(),:;[\]\\?]+)@([^\s@<>"(),;]+)$/.exec(text) ?? []
  const host = local === '' ? undefined : readHost(domain)
  if (host === undefined || host.port !== 0) return undefined
  const quoted = /^"([A-Za-z0-9.!#$&'*+/=^_`{|}~-]+)"$/.exec(local)?.[1]
  const id = `${(quoted ?? local).toLowerCase()}@${host.resource.id}`
  return {
    id,
    ancestors: domainsOf(host.resource.id),
    mixed: [local, ...domain.split('.')].some(mixesScripts),
  }
}

/** Slack’s `<@U1|ada>` and `<#C1|general>`. */
const MENTION = /^<([@#!])([A-Z0-9]+|here|channel|everyone)(?:\|[^>]*)?>$/i

/** Accounts, telephone numbers and mentions in the one form that they have. */
function plainName(name: string): string {
  const [, sign = '', mentioned] = MENTION.exec(name) ?? []
  if (mentioned !== undefined) return sign === '!' ? `@${mentioned.toLowerCase()}` : mentioned.toUpperCase()
  const compact = name.replace(/[\s.-]/g, '').toUpperCase()
  if (isIban(compact)) return compact
  return telephone(name) ?? name
}

/** ISO 13616: two letters, check digits, and a remainder of 1 by 97. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false
  let remainder = 0
  for (const char of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(char, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1
}

/** E.164: a number that says its country, whatever stands between the digits. */
function telephone(name: string): string | undefined {
  const bare = name.replace(/^(?:tel|sms|whatsapp):/i, '')
  if (!/^(?:\+|00)[\d\s().-]{6,24}$/.test(bare)) return undefined
  const digits = bare.replace(/\(0\)/, '').replace(/\D/g, '').replace(/^00/, '')
  return digits.length >= 7 && digits.length <= 15 ? `+${digits}` : undefined
}

function mixesScripts(text: string): boolean {
  return (
    /\p{Script=Latin}/u.test(text) &&
    /\p{Script=Cyrillic}|\p{Script=Greek}|\p{Script=Armenian}|\p{Script=Cherokee}/u.test(text)
  )
}

/**
 * RFC 5322 lists: parted by commas or semicolons outside quotes and comments, each an address or `Name <address>`;
 * a group is its members.
 */
export function splitAddresses(text: string): readonly string[] {
  if (!text.includes('@') || !/[,;<(]/.test(text) || MENTION.test(text.trim())) return [text]
  const parts: string[] = []
  let [part, depth, quoted] = ['', 0, false]
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? ''
    if (char === '\\' && (quoted || depth > 0)) {
      part += depth > 0 ? '' : char + (text[at + 1] ?? '')
      at += 1
    } else if (char === '"' && depth === 0) {
      quoted = !quoted
      part += char
    } else if (!quoted && char === '(') depth += 1
    else if (!quoted && char === ')' && depth > 0) depth -= 1
    else if (!quoted && depth === 0 && (char === ',' || char === ';')) {
      parts.push(part)
      part = ''
    } else if (depth === 0) part += char
  }
  // What is open at the end is no list, and may be read in several ways.
  if (quoted || depth > 0) return ['']
  return [...parts, part].flatMap((each) => {
    const trimmed = each.replace(GROUP, '').trim()
    return trimmed === '' ? [] : [addressIn(trimmed)]
  })
}

/** `Team: a@example.com, b@example.com;` */
const GROUP = /^\s*(?!mailto:)[\w "]+:/i

/** The address between the brackets at the end; what stands before it is a name, and may say anything. */
function addressIn(part: string): string {
  return /<([^<>]*)>\s*$/.exec(part)?.[1]?.trim() ?? part
}
