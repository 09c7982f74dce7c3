/** What a task does again and again: `ask` a human whether that makes sense, then `stop`. */
export const LOOP_STATES = ['none', 'ask', 'stop'] as const
export type LoopState = (typeof LOOP_STATES)[number]

/** From which time on something is asked about, and from which it is refused. */
export interface LoopLimit {
  readonly ask: number
  readonly deny: number
}

/** Counted over a whole delegation tree. */
export interface LoopLimits {
  /** The same call, with nothing written in between. */
  readonly repeated: LoopLimit
  /** The same call, failing, with nothing written in between. */
  readonly failed: LoopLimit
  /** One file, written over. */
  readonly rewritten: LoopLimit
}

/** How often something happened since a mark. */
export interface Tally {
  readonly count: number
  /** A tally that is added with another mark starts anew. */
  readonly mark: number
}

/** What one more time, beyond `count`, is. */
export function loopState(count: number, { ask, deny }: LoopLimit): LoopState {
  if (count + 1 >= deny) return 'stop'
  return count + 1 >= ask ? 'ask' : 'none'
}

export function worseLoop(a: LoopState, b: LoopState): LoopState {
  return LOOP_STATES.indexOf(a) >= LOOP_STATES.indexOf(b) ? a : b
}
