import { parseDuration } from '../server/parse-units.ts'
import { type Invocation, textFlag, UsageError } from './command.ts'

/** Milliseconds since the epoch. A date alone is its beginning, UTC; a time like 7d lies so far back. */
export function momentFlag(invocation: Invocation, name: string): number | undefined {
  const text = textFlag(invocation, name)
  if (text === undefined) return undefined
  const span = parseDuration(text)
  const at =
    span === undefined && /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Date.now() - (span ?? NaN)
  if (Number.isFinite(at)) return Math.floor(at)
  throw new UsageError(
    `\`--${name}\` must be a date, a time in RFC 3339, or a time back like 7d (found \`${text}\`)`,
  )
}
