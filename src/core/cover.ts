import type { HumanId, TenantId } from './ids.ts'

/** What an approver said of being away, and of who agrees for them, until a date. Each has at most one. */
export interface Cover {
  readonly tenant: TenantId
  readonly human: HumanId
  /** Milliseconds since the epoch, as `until`: from then on it counts for nothing. */
  readonly since: number
  readonly until: number
  /** They do not count as somebody who could answer. */
  readonly away: boolean
  /** Agrees for them, with what they may decide and never more. */
  readonly deputy?: HumanId
}

/** Longest that a deputy may be named for, in milliseconds, where nothing else is configured. */
export const LONGEST_DEPUTY = 30 * 86_400_000

/** Who agreed, and for whom. */
export function voterText({
  human,
  for: other,
}: {
  readonly human: HumanId
  readonly for?: HumanId
}): string {
  return other === undefined ? human : `${human} for ${other}`
}
