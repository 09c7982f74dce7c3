const SECOND = 1_000
const MINUTE = 60 * SECOND

/** Between one attempt and the next, in milliseconds: half a day in all. */
const WAITS = [
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  60 * MINUTE,
  180 * MINUTE,
  480 * MINUTE,
]

/**
 * @param attempts that were made, from 1.
 * @param chance from 0 to 1: spreads those who failed together.
 * @returns milliseconds; undefined = that was the last.
 */
export function backOff(attempts: number, chance: number): number | undefined {
  const wait = WAITS[attempts - 1]
  return wait === undefined ? undefined : Math.round(wait * (0.8 + 0.4 * chance))
}
