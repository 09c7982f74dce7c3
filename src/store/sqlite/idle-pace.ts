/** Records put into the index at a time, some 10 ms; more when it is far behind a log that never rests. */
const RESTING = 256
const BUSY = 1024
const FAR_BEHIND = 20_000
/** Milliseconds between two looks at what there is to do. */
const TICK = 250

/** How fast the index follows the log. */
export interface IdlePace {
  /** Records that go into the index now. */
  readonly records: number
  /** Milliseconds until the next look; absent = nothing is left of it. */
  readonly again?: number
}

/** @param lag records that are not in the index yet. @param resting nobody has written for a while. */
export function idlePace(lag: number, resting: boolean): IdlePace {
  if (resting) return { records: RESTING, ...(lag > 0 && { again: lag > RESTING ? 0 : TICK }) }
  return { records: lag > FAR_BEHIND ? BUSY : 0, ...(lag > 0 && { again: TICK }) }
}
