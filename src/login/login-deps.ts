import type { Journal } from '../audit/journal.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import type { Protection } from '../core/facts.ts'
import type { TenantId } from '../core/ids.ts'
import type { HumanDirectory } from '../identity/human-directory.ts'
import type { LoginStore } from './login-store.ts'

/** How long a login lasts, in milliseconds. */
export interface LoginLimits {
  /** Without a request. */
  readonly idle: number
  /** Whatever is done. */
  readonly absolute: number
  /** After proving who one is, during which credentials can be changed. */
  readonly fresh: number
}

/** Everything that logging in is given. */
export interface LoginDeps {
  readonly tenant: TenantId
  readonly protection: Protection
  readonly store: LoginStore
  readonly journal: Journal
  readonly humans: HumanDirectory
  readonly clock: Clock
  readonly entropy: Entropy
  /** 32 bytes that every replica has: seals challenges. */
  readonly key: Uint8Array
  /** Base URL of the admin plane: its host is the relying party of passkeys, its origin the only one. */
  readonly adminUrl: string
  readonly limits: LoginLimits
  /** `passkey` = an approver code opens a session only to enrol the first passkey. */
  readonly require: 'any' | 'passkey'
}
