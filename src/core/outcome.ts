import type { JsonObject } from './json.ts'

/** `unknown` = sent, and no answer came: the upstream may or may not have acted, so it is never retried. */
export type OutcomeStatus = 'ok' | 'error' | 'cancelled' | 'unknown'

export interface Outcome {
  readonly status: OutcomeStatus
  /** From forwarding to the last byte of the answer, in microseconds. */
  readonly micros: number
  /** Size of the answer on the wire, in bytes; 0 when none came. */
  readonly bytes: number
  /** The upstream's answer, kept beside the record behind a salted commitment; absent = none came. */
  readonly result?: JsonObject
  readonly error?: string
}
