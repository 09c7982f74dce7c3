import type { Clock } from '../core/clock.ts'

/** Milliseconds; a longer timer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Looks again when a token or task ends, which nobody tells, or sooner where that is too far away for a timer.
 * @param until milliseconds since the epoch, up to which it is good.
 */
export function lookAtEnd(clock: Clock, until: number, look: () => void): NodeJS.Timeout {
  const rest = Math.max(until - clock.now() + 1, 1)
  const timer = setTimeout(look, Math.min(rest, LONGEST_TIMER))
  timer.unref()
  return timer
}
