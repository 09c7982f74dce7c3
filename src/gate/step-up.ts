import type { Assertion } from '../core/assertion.ts'
import type { Json } from '../core/json.ts'
import type { Actor } from './administration.ts'

/** What a human answered when asked once more; unchecked. */
export interface StepUpAnswer {
  /** What the browser made with a passkey. */
  readonly assertion?: Json
  readonly code?: string
}

/** Asks a human for a fresh proof under one exact thing. */
export interface StepUp {
  /**
   * @param digest lower-case hex SHA-256 of what is agreed to.
   * @returns what their passkey signed; undefined where they have proved it otherwise.
   * @throws RemitError `step_up_needed` with what to ask for, `passkey_refused`, `credential_invalid`.
   */
  confirm(actor: Actor, digest: string, answer: StepUpAnswer | undefined): Promise<Assertion | undefined>
}
