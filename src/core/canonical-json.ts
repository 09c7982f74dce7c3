import type { Json } from './json.ts'

/**
 * RFC 8785 (JSON Canonicalization Scheme): members sorted by UTF-16 code units, no white space, ECMAScript
 * number and string forms.
 * @throws RangeError for a number that is not finite and for a lone surrogate, which I-JSON cannot carry.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return canonicalString(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('a number that is not finite has no canonical form')
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const object = value as { readonly [key: string]: Json }
  let text = ''
  // The default order is that of UTF-16 code units.
  for (const key of Object.keys(object).toSorted()) {
    const member = object[key]
    if (member === undefined) continue
    text += `${text === '' ? '' : ','}${canonicalString(key)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('a string with a lone surrogate has no canonical form')
  return JSON.stringify(text)
}
