import type { JsonObject } from './json.ts'
import type { Label } from './labels.ts'

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
  /** The agent's runtime told this at a hook, and the gateway saw none of it; absent = the gateway saw it. */
  readonly reported?: true
}

/** A secret in a JSON value: what it is a secret of, its string (RFC 6901), and its UTF-16 code units in there. */
export interface SecretSpan {
  readonly kind: string
  readonly pointer: string
  readonly start: number
  readonly end: number
}

/** What was found in a result before it left the gate. Never holds the values. */
export interface Inspection {
  /** What the task has met by it. */
  readonly labels: readonly Label[]
  readonly secrets: readonly SecretSpan[]
  /** False = too large or too dense to be searched whole. */
  readonly complete: boolean
  /** What policy had done to it for its secrets. */
  readonly handled: 'none' | 'redacted' | 'withheld'
}
