/** How much a tree of tasks may ask of people: beyond it a call that would ask is denied. */
export interface ConsentLimits {
  /** Requests that wait at the same time. */
  readonly open: number
  /** Requests within any hour. */
  readonly hourly: number
}

export const DEFAULT_CONSENT_LIMITS: ConsentLimits = { open: 3, hourly: 20 }

/** The hour that `hourly` looks back over, in milliseconds. */
export const ASKING_WINDOW = 3_600_000

/** What a tree of tasks has asked. */
export interface Asked {
  /** Requests that wait now. */
  readonly open: number
  /** Requests within the last hour, whatever came of them. */
  readonly recent: number
}

/** Which limit one more request would go over. */
export function limitReached({ open, recent }: Asked, limits: ConsentLimits): 'open' | 'hourly' | undefined {
  if (open >= limits.open) return 'open'
  return recent >= limits.hourly ? 'hourly' : undefined
}
