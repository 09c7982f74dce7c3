import { canonicalJson } from '../core/canonical-json.ts'
import type { Json } from '../core/json.ts'

/** A value whose object members were written down in the order that RFC 8785 asks for; `undefined` = absent. */
export type Ordered =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Ordered[]
  | { readonly [member: string]: Ordered }

/**
 * RFC 8785 text of a value that is already in order, by the engine's own serialiser. A lone surrogate, which
 * has no canonical form, becomes U+FFFD: a record must never be lost for the sake of a broken string.
 */
export function orderedText(value: Ordered): string {
  return withoutLoneSurrogates(JSON.stringify(value))
}

/**
 * RFC 8785 text of any JSON; fast when its members happen to be in order. Lone surrogates as above.
 * @throws RangeError for a number that is not finite.
 */
export function canonicalText(value: Json): string {
  if (isOrdered(value)) return orderedText(value)
  const text = JSON.stringify(value)
  const mended = withoutLoneSurrogates(text)
  return canonicalJson(mended === text ? value : (JSON.parse(mended) as Json))
}

const LONE_SURROGATE_MARK = String.raw`\ud`

function withoutLoneSurrogates(text: string): string {
  // The engine writes every character as itself but for a few, and only lone surrogates as `\ud…`.
  if (!text.includes(LONE_SURROGATE_MARK)) return text
  return text.replaceAll(/\\(?:\\|ud[0-9a-f]{3})/g, (escape) => (escape === '\\\\' ? escape : '\uFFFD'))
}

function isOrdered(value: Json): boolean {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError('a number that is not finite has no canonical form')
  }
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isOrdered)
  const object = value as { readonly [key: string]: Json | undefined }
  let previous: string | undefined
  for (const key in object) {
    if (previous !== undefined && previous > key) return false
    if (!key.isWellFormed()) return false
    const member = object[key]
    if (member !== undefined && !isOrdered(member)) return false
    previous = key
  }
  return true
}
