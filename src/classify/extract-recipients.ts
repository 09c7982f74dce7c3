import type { Json, JsonObject } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ResourceType } from '../core/resource.ts'
import type { ExtractionContext } from './extract.ts'
import { readRecipient, splitAddresses } from './recipient-name.ts'

const MAX_RECIPIENTS = 200

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

function operationsOn(
  text: string | undefined,
  { actions, pointer }: ExtractionContext,
  type: ResourceType,
): readonly Operation[] {
  const read = text === undefined ? undefined : readRecipient(text)
  return actions.map((action) => ({
    action,
    resource: { type, id: read?.id ?? '?', ancestors: read?.ancestors ?? [] },
    labels: read?.mixed === true ? ['obfuscated'] : [],
    opaque: read === undefined,
    origin: { pointer },
  }))
}
