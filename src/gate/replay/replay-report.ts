import type { Effects, Direction, ReplayExample, ReplayTally, TransitionCount } from './replay-tally.ts'
import type { Skipped } from './replay-record.ts'

/** How often each was met, most often first. */
export type Ranked = readonly { readonly name: string; readonly decisions: number }[]

export interface ReplayTransition {
  readonly from: TransitionCount['from']
  readonly to: TransitionCount['to']
  readonly direction: Direction
  readonly rules: readonly string[]
  readonly decisions: number
  readonly tools: Ranked
  readonly humans: Ranked
  readonly tasks: Ranked
  readonly examples: readonly ReplayExample[]
}

/** What other policies would have made of past traffic. */
export interface ReplayReport {
  /** Hashes of the sets. `baseline` absent = compared with what is on record. */
  readonly candidate: string
  readonly baseline?: string
  /** RFC 3339; absent = there were no decisions. */
  readonly from?: string
  readonly to?: string
  readonly decisions: number
  readonly replayed: number
  readonly skipped: Readonly<Record<Skipped, number>>
  readonly redacted: number
  readonly before: Effects
  readonly after: Effects
  /** Requests for consent: those on record, and those that there would have been, at most. */
  readonly prompts: {
    readonly before: number
    readonly after: number
    readonly beforePerWeek: number
    readonly afterPerWeek: number
  }
  readonly transitions: readonly ReplayTransition[]
  /** Seconds that it took. */
  readonly seconds: number
}

const WEEK = 7 * 86_400_000
/** Rates of a shorter time would be rates of chance. */
const SHORTEST = 86_400_000
const MOST_RANKED = 10

/** @param about.span milliseconds that were asked for; absent = from the first decision to the last. */
export function replayReport(
  tally: ReplayTally,
  about: {
    readonly candidate: string
    readonly baseline?: string | undefined
    readonly span?: number | undefined
    readonly seconds: number
  },
): ReplayReport {
  const { candidate, baseline, seconds } = about
  const any = tally.decisions > 0
  const weeks = Math.max(about.span ?? (any ? tally.last - tally.first : 0), SHORTEST) / WEEK
  const [before, after] = [tally.asked.size, tally.askedStill.size + tally.askedNewly]
  const perWeek = (count: number): number => Math.round((count / weeks) * 10) / 10
  return {
    candidate,
    ...(baseline === undefined ? {} : { baseline }),
    ...(any ? { from: new Date(tally.first).toISOString(), to: new Date(tally.last).toISOString() } : {}),
    decisions: tally.decisions,
    replayed: tally.replayed,
    skipped: tally.skipped,
    redacted: tally.redacted,
    before: tally.before,
    after: tally.after,
    prompts: { before, after, beforePerWeek: perWeek(before), afterPerWeek: perWeek(after) },
    transitions: [...tally.transitions.values()]
      .toSorted((a, b) => b.decisions - a.decisions)
      .map((each) => ({
        ...each,
        tools: ranked(each.tools),
        humans: ranked(each.humans),
        tasks: ranked(each.tasks),
      })),
    seconds,
  }
}

function ranked(counts: ReadonlyMap<string, number>): Ranked {
  return [...counts]
    .toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, MOST_RANKED)
    .map(([name, decisions]) => ({ name, decisions }))
}
