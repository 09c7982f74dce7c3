import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Entropy } from '../core/clock.ts'
import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'

const IV = 12
const TAG = 16

/**
 * What the gateway hands to a client to keep and bring back: unreadable, unguessable, and open only to gateways with
 * the same key. AES-256-GCM; `purpose` keeps what was made for one thing from being taken for another.
 */
export class JsonSeal {
  readonly #key: Uint8Array
  readonly #entropy: Entropy
  readonly #purpose: Buffer

  /** @throws RemitError `key_unusable` for a key of other than 32 bytes. */
  constructor(deps: { readonly key: Uint8Array; readonly entropy: Entropy; readonly purpose: string }) {
    if (deps.key.length !== 32) {
      throw new RemitError('key_unusable', 'the key that seals what clients keep must be 32 bytes')
    }
    this.#key = deps.key
    this.#entropy = deps.entropy
    this.#purpose = Buffer.from(deps.purpose)
  }

  seal(value: JsonObject): string {
    const iv = this.#entropy.bytes(IV)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(this.#purpose)
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
    return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64url')
  }

  /** @returns undefined for a text that was not sealed with this key for this purpose. */
  open(text: string): JsonObject | undefined {
    const bytes = Buffer.from(text, 'base64url')
    if (bytes.length <= IV + TAG) return undefined
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, IV), {
        authTagLength: TAG,
      })
      decipher.setAAD(this.#purpose).setAuthTag(bytes.subarray(-TAG))
      const plain = Buffer.concat([decipher.update(bytes.subarray(IV, -TAG)), decipher.final()])
      const value: unknown = JSON.parse(plain.toString('utf8'))
      return isJsonObject(value) ? value : undefined
    } catch {
      return undefined
    }
  }
}
