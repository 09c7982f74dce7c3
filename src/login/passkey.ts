import type { Entry } from './entries.ts'

/** What is kept of a passkey: nothing secret. */
export interface PasskeyBody {
  /** Credential id, base64url. */
  readonly credential: string
  /** COSE_Key, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  /** True = a provider copies it to other devices of the human. */
  readonly backedUp: boolean
  readonly name: string
  /** Milliseconds since the epoch; 0 = never. */
  readonly used: number
}

export interface Passkey extends PasskeyBody {
  readonly id: string
  readonly human: string
  readonly created: number
}

/** Passkeys do not expire. */
export const NEVER = Number.MAX_SAFE_INTEGER

export function passkeyOf({ id, human = '', at, body }: Entry<PasskeyBody>): Passkey {
  return { ...body, id, human, created: at }
}

export function bodyOf(passkey: Passkey): PasskeyBody {
  const { credential, publicKey, counter, transports, backedUp, name, used } = passkey
  return { credential, publicKey, counter, transports, backedUp, name, used }
}
