import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { ExternalSigningKey } from 'oidc-provider'
import type { TokenKeys } from '../identity/token-keys.ts'

/** What the protocol library takes for its one key: whichever key of the gateway the header of a token names. */
export class RingSigningKey extends ExternalSigningKey {
  readonly #keys: TokenKeys

  constructor(keys: TokenKeys) {
    super()
    this.#keys = keys
    Object.assign(this, { kid: 'ring', alg: 'EdDSA' })
  }

  override keyObject(): KeyObject {
    return createPublicKey(this.#keys.signing().privateKey)
  }

  override sign(data: Uint8Array): Uint8Array {
    const [header = ''] = Buffer.from(data).toString('ascii').split('.')
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { readonly kid: string }
    const key = this.#keys.privateKey(kid)
    if (key === undefined) throw new Error('a token was to be signed by a key that is over')
    return sign(null, data, key)
  }
}
