import type { HumanId, TenantId } from './ids.ts'

/** One entry of the encrypted store. Everything but the value stands open, and is bound to it by the seal. */
export interface StoredSecret {
  readonly tenant: TenantId
  /** What the configuration calls it; a name with `:` is the gateway's own, as for a human's tokens. */
  readonly name: string
  /** Counts the values that it had, from 1: what a change is compared against. */
  readonly version: number
  /** Salt, nonce, tag and ciphertext in base64; `credentials/seal-secret.ts` knows how. */
  readonly sealed: string
  /** Names the master key that sealed it, and tells nothing about it. */
  readonly key: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly by: HumanId
}
