import { evaluationError } from '../evaluation-error.ts'
import { ExtensionValue } from './extension-value.ts'
import { long, type Long } from './long.ts'

/** Milliseconds, i64. https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-duration */
export class Duration extends ExtensionValue {
  readonly kind = 'duration'
  readonly milliseconds: Long

  constructor(milliseconds: Long) {
    super()
    this.milliseconds = milliseconds
  }

  key(): string {
    return String(this.milliseconds)
  }
}

const DURATION = /^(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/
export const DAY = 86_400_000n
export const HOUR = 3_600_000n
export const MINUTE = 60_000n
export const SECOND = 1000n
const UNITS = [DAY, HOUR, MINUTE, SECOND, 1n]

/**
 * `1d2h3m4s5ms`, in that order, each part once.
 * @throws RemitError for any other text and for a value or part beyond i64 milliseconds.
 */
export function parseDuration(text: string): Duration {
  const match = DURATION.exec(text)
  if (match === null || match.slice(2).every((part) => part === undefined)) {
    throw evaluationError(`\`${text}\` is not a duration`)
  }
  const parts = match.slice(2)
  const sign = match[1] === '-' ? -1n : 1n
  let total: Long = 0
  UNITS.forEach((unit, position) => {
    const part = parts[position]
    if (part === undefined) return
    const count = BigInt(long(sign * BigInt(part), 'duration'))
    total = long(BigInt(total) + BigInt(long(count * unit, 'duration')), 'duration')
  })
  return new Duration(total)
}

/** Whole units in a duration, towards zero. */
export function durationIn(duration: Duration, unit: bigint): Long {
  return long(BigInt(duration.milliseconds) / unit)
}
