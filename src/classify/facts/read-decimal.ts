import type { Json } from '../../core/json.ts'

/** Cedar’s decimals: 64 bits of ten-thousandths. */
const LIMIT = 2n ** 63n
/** Digits that a JSON number keeps whatever its size. */
const EXACT_DIGITS = 15

/**
 * An amount with at most four digits after the point, as a JSON number or as text, in the form `-12.3400`. Nothing is
 * rounded: what would lose a digit is none.
 */
export function readDecimal(value: Json | undefined): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') return undefined
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(0|[1-9]\d{0,18})(?:\.(\d{1,4}))?$/.exec(text) ?? []
  if (whole === '') return undefined
  if (typeof value === 'number' && whole.length + fraction.length > EXACT_DIGITS) return undefined
  const digits = fraction.padEnd(4, '0')
  const magnitude = BigInt(whole + digits)
  if (magnitude >= LIMIT) return undefined
  return `${magnitude === 0n ? '' : sign}${whole}.${digits}`
}
