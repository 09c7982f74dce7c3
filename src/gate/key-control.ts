import type { Actor } from './administration.ts'

/** A key that signs tokens, as people see it. */
export interface TokenKeyView {
  readonly kid: string
  readonly state: 'next' | 'signing' | 'verifying'
  /** Milliseconds since the epoch: it signs, or signed, from then on. */
  readonly from: number
  /** Nothing that it signed is good from then on; absent = nobody has taken its place. */
  readonly until?: number
}

/** The keys that sign tokens, for people. */
export interface KeyControl {
  list(): readonly TokenKeyView[]
  /**
   * A new key: published now, signing after the overlap; the one before verifies until the last token that it signed has ended.
   * @param compromised it signs at once, and no token that was signed before is good any more.
   * @throws RemitError `role_missing`, `secret_changed`.
   */
  rotate(actor: Actor, compromised: boolean): Promise<readonly TokenKeyView[]>
}
