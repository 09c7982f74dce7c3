import type { KeyObject } from 'node:crypto'

/** A public key as a JWK Set has it (RFC 7517, RFC 8037). */
export interface PublishedKey {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly kid: string
  readonly alg: 'EdDSA'
  readonly use: 'sig'
}

/** The keys that sign tokens, as they are now: they are changed while the gateway runs. */
export interface TokenKeys {
  /** Signs now. */
  signing(): { readonly kid: string; readonly privateKey: KeyObject }
  /** @returns undefined = nothing that it signed is good. */
  get(kid: string): KeyObject | undefined
  /** @returns undefined = it is no key of this gateway, or is over. */
  privateKey(kid: string): KeyObject | undefined
  published(): readonly PublishedKey[]
  /** Seconds for which others may keep what is published. */
  readonly maxAge: number
}
