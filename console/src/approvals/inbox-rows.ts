import type { InboxRow } from '../../../src/api/console-contract.ts'

/** What the stream has told, and how far. */
export interface InboxRows {
  readonly rows: ReadonlyMap<string, InboxRow>
  /** All that waits has been told. */
  readonly loaded: boolean
  /** Ids told since the whole began to be told; what is not among them at its end waits no longer. */
  readonly fresh?: ReadonlySet<string>
  /** Milliseconds by which the gateway’s clock is ahead of this one. */
  readonly ahead: number
}

export const NOTHING_HEARD: InboxRows = { rows: new Map(), loaded: false, ahead: 0 }

const WEIGHT = { high: 0, medium: 1, low: 2 } as const

/** The state after one more message of `GET /approvals/stream`. @param now this browser’s time in milliseconds. */
export function afterMessage(
  before: InboxRows,
  message: { readonly event: string; readonly data: unknown },
  now: number,
): InboxRows {
  switch (message.event) {
    case 'all': {
      return { ...before, fresh: new Set() }
    }
    case 'approvals': {
      const news = message.data as readonly InboxRow[]
      const rows = new Map(before.rows)
      for (const row of news) rows.set(row.id, row)
      const { fresh } = before
      return {
        ...before,
        rows,
        ...(fresh === undefined ? {} : { fresh: new Set([...fresh, ...news.map(({ id }) => id)]) }),
      }
    }
    case 'here': {
      const { fresh, rows } = before
      const ahead = (message.data as { readonly now: number }).now - now
      if (fresh === undefined) return { ...before, loaded: true, ahead }
      const left = [...rows].filter(([id, { state }]) => state !== 'pending' || fresh.has(id))
      return { rows: new Map(left), loaded: true, ahead }
    }
    default: {
      return before
    }
  }
}

/** Those that can still be answered at `now` of the gateway’s clock: the gravest first, then what waits longest. */
export function waitingRows({ rows }: InboxRows, now: number): readonly InboxRow[] {
  return [...rows.values()]
    .filter(({ state, expires }) => state === 'pending' && expires > now)
    .sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || a.created - b.created)
}

/** Those that were decided while the screen was open, the newest request first. */
export function decidedRows({ rows }: InboxRows): readonly InboxRow[] {
  return [...rows.values()].filter(({ state }) => state !== 'pending').sort((a, b) => b.created - a.created)
}

/** When the first of these runs out, in milliseconds of the gateway’s clock. */
export function firstEnd(waiting: readonly InboxRow[]): number | undefined {
  let first: number | undefined
  for (const { expires } of waiting) if (first === undefined || expires < first) first = expires
  return first
}
