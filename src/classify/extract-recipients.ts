import type { Json, JsonObject } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { EntityRef, ResourceType } from '../core/resource.ts'
import type { ExtractionContext } from './extract.ts'
import { domainsOf, readHost } from './hosts.ts'

const MAX_RECIPIENTS = 200
const MAX_NAME = 320

/** Whom a message goes to: an address, channel or name, a list of them, or objects that hold them. */
export function extractRecipient(value: Json, context: ExtractionContext): readonly Operation[] {
  return named(value, context, 'Recipient')
}

/** Where money goes to: an account, card, address or name. */
export function extractMoney(value: Json, context: ExtractionContext): readonly Operation[] {
  return named(value, context, 'Account')
}

function named(value: Json, context: ExtractionContext, type: 'Recipient' | 'Account'): readonly Operation[] {
  const found: Operation[] = []
  const add = (text: string | undefined, pointer: string): void => {
    found.push(...operationsOn(text, { ...context, pointer }, type))
  }
  const open: { readonly value: Json; readonly pointer: string; readonly depth: number }[] = [
    { value, pointer: context.pointer, depth: 0 },
  ]
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { value, pointer, depth } = next
    if (found.length >= MAX_RECIPIENTS || depth > 4)
      return [...found, ...operationsOn(undefined, context, type)]
    if (typeof value === 'string' || typeof value === 'number') {
      const parts = type === 'Recipient' ? splitAddresses(String(value)) : [String(value)]
      for (const part of parts.slice(0, MAX_RECIPIENTS)) add(part, pointer)
      if (parts.length > MAX_RECIPIENTS) add(undefined, pointer)
    } else if (Array.isArray(value)) {
      for (const [at, item] of (value as readonly Json[]).entries()) {
        open.push({ value: item, pointer: `${pointer}/${at}`, depth: depth + 1 })
      }
    } else if (typeof value === 'object' && value !== null) {
      const names = Object.entries(value as JsonObject).filter(([name]) => NAMES.test(name))
      if (names.length === 0) add(undefined, pointer)
      for (const [name, item] of names)
        open.push({ value: item ?? null, pointer: `${pointer}/${name}`, depth: depth + 1 })
    } else add(undefined, pointer)
  }
  return found
}

const NAMES = /^(?:address|e-?mail(?:_?address)?|id|name|user(?:name)?|channel|account|iban|to|cc|bcc)$/i

/** RFC 5322 lists: parted by commas or semicolons, each `Name <address>` or an address. */
function splitAddresses(text: string): readonly string[] {
  if (!text.includes('@') || !/[,;<]/.test(text)) return [text]
  return text.split(/[,;]/).flatMap((part) => {
    const trimmed = part.trim()
    return trimmed === '' ? [] : (/<([^<>]*)>\s*$/.exec(trimmed)?.[1] ?? trimmed)
  })
}

function operationsOn(
  text: string | undefined,
  { actions, pointer }: ExtractionContext,
  type: ResourceType,
): readonly Operation[] {
  const read = text === undefined ? undefined : canonical(text)
  return actions.map((action) => ({
    action,
    resource: { type, id: read?.id ?? '?', ancestors: read?.ancestors ?? [] },
    labels: [],
    opaque: read === undefined,
    origin: { pointer },
  }))
}

function canonical(
  text: string,
): { readonly id: string; readonly ancestors: readonly EntityRef[] } | undefined {
  const name = text.normalize('NFC').trim()
  // What cannot be seen, or turns the direction of reading, hides another name.
  if (name === '' || name.length > MAX_NAME || !name.isWellFormed() || /[\p{Cc}\p{Cf}]/u.test(name))
    return undefined
  const address = /^(?:mailto:)?([^\s@<>"]+)@([^\s@<>"]+)$/i.exec(name)
  if (address === null)
    return name.includes('@') && /\s|</.test(name) ? undefined : { id: name, ancestors: [] }
  const host = readHost(address[2] ?? '')
  if (host === undefined || host.port !== 0) return undefined
  const domain = host.resource.id
  return { id: `${(address[1] ?? '').toLowerCase()}@${domain}`, ancestors: domainsOf(domain) }
}
