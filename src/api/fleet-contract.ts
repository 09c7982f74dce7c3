import { z } from 'zod'
import { HOOK_FILES, HOOK_STATES, type HookState, type Irregularity, type Machine } from '../core/fleet.ts'
import type { FleetProblem } from '../core/fleet-problems.ts'
import type { FleetCounts } from '../gate/fleet/list-fleet.ts'

const version = z.string().regex(/^[\w.+-]{1,64}$/, 'must be up to 64 letters, digits and `.`, `_`, `+`, `-`')
const name = z.string().min(1).max(255)

/** `POST /agents/v1/report`, on the agent plane with the task's token. */
export const reportBody = z.strictObject({
  agent: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be a word like `claude-code`'),
  version: version.optional(),
  remit: version.optional(),
  machine: z.strictObject({
    id: z.string().regex(/^[0-9a-z]{16,64}$/, 'must be 16 to 64 digits and small letters'),
    name,
    platform: name.max(64),
  }),
  hooks: z
    .strictObject({
      files: z.enum(HOOK_FILES),
      digest: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in small hexadecimal digits')
        .optional(),
    })
    .optional(),
})
export interface ReportAnswer {
  /** The agent’s id in the fleet. */
  readonly agent: string
}

const MOST = 1_000

/** `GET /fleet` */
export const fleetQuery = z.strictObject({
  state: z.enum(HOOK_STATES).optional(),
  agent: z.string().min(1).max(32).optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(200),
})

/** One agent of one human on one machine. Times are milliseconds since the epoch; null = not known. */
export interface FleetRow {
  readonly id: string
  readonly human: string
  /** The latest task that it worked for. */
  readonly task: string
  /** In Remit's words: `claude-code`, `codex`, … */
  readonly agent: string
  readonly version: string | null
  /** Version of Remit beside it. */
  readonly remit: string | null
  /** Null = its hooks alone were heard, which do not tell. */
  readonly machine: Machine | null
  readonly state: HookState
  /** SHA-256 of the entries of its hooks. */
  readonly digest: string | null
  readonly first: number
  readonly seen: number
  /** When a hook of it was last heard, to five minutes. */
  readonly heard: number | null
  readonly reported: number | null
  /** The latest on record (`agent.irregular`). */
  readonly irregular: { readonly reason: Irregularity; readonly at: number } | null
  /** What is to be mended; empty = nothing. */
  readonly problems: readonly FleetProblem[]
}

/** `GET /fleet` */
export interface FleetAnswer {
  /** Latest seen first. */
  readonly agents: readonly FleetRow[]
  /** How many there are within the reach of who asks that were left off by `limit`. */
  readonly more: number
  /** Of all within reach, whatever was asked for. */
  readonly counts: FleetCounts
  /** Of all within reach, those with a problem. */
  readonly wrong: number
}
