import { isUtf8 } from 'node:buffer'
import { RemitError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'

/** Deepest nesting of arrays and objects that is read; recursion anywhere behind the parser stays bounded. */
const MAX_JSON_DEPTH = 128

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** No token shorter than this can be an integer beyond 2^53 - 1 or an exponent that overflows. */
const SAFE_TOKEN = 5
const NUMBER_TOKEN = /-?[0-9][0-9.eE+-]*/y

/**
 * Parses JSON as every conforming reader would understand it (I-JSON, RFC 7493 section 2): no duplicate
 * member names, no integer that a double rounds, no lone surrogate, no `__proto__` member, at most `maxDepth`
 * (default 128) levels. Two readers of the accepted text cannot disagree on what it says.
 * @throws RemitError `json_invalid` | `json_duplicate_key` | `json_unsafe_number` | `json_too_deep` |
 * `request_invalid` (a member named `__proto__`).
 */
export function parseStrictJson(text: string, limits: { readonly maxDepth?: number } = {}): Json {
  const members = scan(text, limits.maxDepth ?? MAX_JSON_DEPTH)
  const value = parse(text)
  // INVARIANT: in valid JSON each `:` outside a string is one member, and a repeated name leaves one key fewer.
  if (countKeys(value) !== members) {
    throw new RemitError('json_duplicate_key', 'the JSON repeats a member name in one object; send each once')
  }
  return value
}

/**
 * Bytes as text: UTF-8 without a byte-order mark (RFC 8259 section 8.1), nothing replaced.
 * @throws RemitError `json_invalid`.
 */
export function decodeUtf8Strict(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new RemitError('json_invalid', 'the text is not valid UTF-8; send UTF-8')
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new RemitError('json_invalid', 'the text starts with a byte-order mark; send UTF-8 without one')
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new RemitError('json_invalid', 'the text is not JSON; check its syntax', { cause })
  }
}

/** One pass over the text before anything else reads it: members counted, depth and numbers checked. */
function scan(text: string, maxDepth: number): number {
  const length = text.length
  let members = 0
  let depth = 0
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) index = endOfString(text, index)
    else if (code === COLON) members += 1
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1
      if (depth > maxDepth) throw tooDeep(maxDepth)
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1
    else if (code === MINUS || (code >= ZERO && code <= NINE)) index = endOfNumber(text, index)
  }
  return members
}

/** Index of the closing quote of the string that opens at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  const near = start + 24
  let index = start + 1
  for (; index < near; index += 1) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) return index
    if (code === BACKSLASH) index += 1
  }
  return endOfLongString(text, index)
}

/** The same from `from` on, by the engine's own search: what is long is mostly prose. */
function endOfLongString(text: string, from: number): number {
  let quote = text.indexOf('"', from)
  while (quote !== -1) {
    let slash = quote - 1
    while (slash >= from && text.charCodeAt(slash) === BACKSLASH) slash -= 1
    if ((quote - slash) % 2 === 1) return quote
    quote = text.indexOf('"', quote + 1)
  }
  return text.length
}

/** Index of the last character of the number that starts at `start`. */
function endOfNumber(text: string, start: number): number {
  let index = start + 1
  while (isNumberPart(text.charCodeAt(index))) index += 1
  if (index - start >= SAFE_TOKEN) checkNumber(text, start)
  return index - 1
}

function isNumberPart(code: number): boolean {
  return (
    (code >= ZERO && code <= NINE) ||
    code === 0x2e ||
    code === 0x65 ||
    code === 0x45 ||
    code === 0x2b ||
    code === MINUS
  )
}

/**
 * Refuses what readers of other languages would understand differently: an integer that a double rounds, a
 * value that overflows, and a fraction or exponent that is written back as such an integer (below 1e21).
 */
function checkNumber(text: string, start: number): void {
  NUMBER_TOKEN.lastIndex = start
  const token = NUMBER_TOKEN.exec(text)?.[0] ?? ''
  const value = Number(token)
  if (Number.isNaN(value) || Number.isSafeInteger(value)) return
  if (Number.isInteger(value) && Math.abs(value) >= 1e21 && /[.eE]/.test(token)) return
  if (Number.isFinite(value) && !Number.isInteger(value)) return
  throw new RemitError(
    'json_unsafe_number',
    'the JSON holds a number that readers would round; send integers beyond 2^53 - 1 as strings',
  )
}

function tooDeep(maxDepth: number): RemitError {
  return new RemitError('json_too_deep', `the JSON nests deeper than ${maxDepth} levels; send it flatter`)
}

/** Number of members in the whole value. */
function countKeys(value: Json): number {
  if (typeof value === 'string') {
    checkWellFormed(value)
    return 0
  }
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) count += countKeys(item)
    return count
  }
  const object = value as { readonly [key: string]: Json }
  const keys = Object.keys(object)
  for (const key of keys) {
    if (key === '__proto__') {
      throw new RemitError('request_invalid', 'the JSON has a member named `__proto__`; remove it')
    }
    checkWellFormed(key)
    const member = object[key]
    if (typeof member === 'string') checkWellFormed(member)
    else if (typeof member === 'object') count += countKeys(member)
  }
  return count + keys.length
}

function checkWellFormed(text: string): void {
  if (!text.isWellFormed()) {
    throw new RemitError('json_invalid', 'the JSON has a lone surrogate in a string; send whole characters')
  }
}
