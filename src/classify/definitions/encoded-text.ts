import { excerpt } from './excerpt.ts'

const BASE64 = /(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{4}){10,}[A-Za-z0-9+/_-]{0,3}={0,2}/g
const HEX = /(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){20,}(?![0-9A-Fa-f])/g
const ESCAPED = /(?:\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}|&#x?[0-9a-fA-F]{2,5};|\\u[0-9a-fA-F]{4}){12,}/g

/** Words in an encoding that a model reads and a person does not. @returns what to show of it. */
export function findEncodedText(text: string): string | undefined {
  for (const [pattern, decode] of ENCODINGS) {
    for (const match of text.matchAll(pattern)) {
      if (isProse(decode(match[0]))) return excerpt(text, match.index, match.index + match[0].length)
    }
  }
  return undefined
}

const ENCODINGS: readonly (readonly [RegExp, (text: string) => string])[] = [
  [BASE64, decodeBase64],
  [HEX, (text) => fromCodes(text.match(/../g) ?? [])],
  [ESCAPED, (text) => fromCodes(text.match(/[0-9a-fA-F]{2,5}/g) ?? [])],
]

function fromCodes(codes: readonly string[]): string {
  return codes.map((code) => String.fromCharCode(Number.parseInt(code, 16))).join('')
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decodeBase64(text: string): string {
  let bits = 0
  let buffer = 0
  let decoded = ''
  for (const letter of text.replaceAll('-', '+').replaceAll('_', '/')) {
    const digit = DIGITS.indexOf(letter)
    if (digit < 0) break
    buffer = ((buffer << 6) | digit) & 0xff_ff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    decoded += String.fromCharCode((buffer >> bits) & 0xff)
  }
  return decoded
}

/** Printable, and several words with spaces between; a token or an image is neither. */
function isProse(text: string): boolean {
  const printable = text.replaceAll(/[^\t\n\r -~]/g, '').length
  const words = text.match(/\b[a-z]{2,}\b/gi) ?? []
  return printable / text.length > 0.95 && words.length >= 5 && text.split(' ').length >= 4
}
