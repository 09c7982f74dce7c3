import type { Actor } from './administration.ts'

/** What may be known of a secret. There is no way to read its value. */
export interface SecretView {
  readonly name: string
  /** Counts the values that it had, from 1. */
  readonly version: number
  /** Milliseconds since the epoch, of the value that it has now. */
  readonly at: number
  readonly by: string
  /** Servers whose configuration names it. */
  readonly usedBy: readonly string[]
  /** False = it cannot be opened: another master key sealed it, or the database was altered. */
  readonly usable: boolean
}

/** The encrypted store, for people: values go in and never out. All but `list` need an approver's code. */
export interface SecretControl {
  list(): readonly SecretView[]
  /** @throws RemitError `role_missing`, `input_invalid`, `secret_exists`, `secret_changed`. */
  set(actor: Actor, name: string, value: string): Promise<SecretView>
  /**
   * A new value; sessions that use it are begun again when this resolves.
   * @throws RemitError `role_missing`, `input_invalid`, `secret_missing`, `secret_changed`.
   */
  rotate(actor: Actor, name: string, value: string): Promise<SecretView>
  /**
   * @param force although servers use it: they are not reached any more.
   * @throws RemitError `role_missing`, `secret_missing`, `secret_in_use`, `secret_changed`.
   */
  remove(actor: Actor, name: string, force: boolean): Promise<void>
  /** Seals everything under the newest master key. @throws RemitError `role_missing`, `key_unusable`. */
  reseal(actor: Actor): Promise<{ readonly resealed: number }>
}
