import { instantOf } from '../instant.ts'

const DAY = 86_400_000
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY }
const DATE = /^\d{4}-\d{2}-\d{2}$/

/** What a time may be written as; for error texts and help. */
export const TIME_FORMS = '`-7d` (also s, m, h, w), `now`, `2026-11-27` (UTC) or `2026-11-27T08:00:00Z`'

/** Milliseconds since the epoch; undefined = not a time. */
export function queryTime(text: string, now: number): number | undefined {
  if (text === 'now') return now
  const ago = /^-(\d{1,6})([smhdw])$/.exec(text)
  if (ago !== null) return now - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0)
  return instantOf(text)
}

/** Length of what a time names: a day for a date, else a millisecond. */
export function lengthOfTime(text: string): number {
  return DATE.test(text) ? DAY : 1
}
