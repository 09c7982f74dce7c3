import { createHmac, timingSafeEqual } from 'node:crypto'

/** Milliseconds for which a nonce is good. */
const LIFE = 120_000
const TIME_BYTES = 6
const MAC_BYTES = 16

/**
 * Nonces for proofs (RFC 9449 §8) that need no memory: a time and a keyed digest of it. Whoever has the key knows each
 * other's, so the key is shared by replicas, or made anew by each where a proof must be good at one of them only.
 */
export class ProofNonces {
  readonly #key: Uint8Array
  readonly #now: () => number

  /** @param now milliseconds since the epoch. */
  constructor(key: Uint8Array, now: () => number) {
    this.#key = key
    this.#now = now
  }

  next(): string {
    const time = Buffer.alloc(TIME_BYTES)
    time.writeUIntBE(this.#now(), 0, TIME_BYTES)
    return Buffer.concat([time, this.#mac(time)]).toString('base64url')
  }

  isFresh(nonce: string): boolean {
    const bytes = Buffer.from(nonce, 'base64url')
    if (bytes.length !== TIME_BYTES + MAC_BYTES || bytes.toString('base64url') !== nonce) return false
    const time = bytes.subarray(0, TIME_BYTES)
    if (!timingSafeEqual(bytes.subarray(TIME_BYTES), this.#mac(time))) return false
    const age = this.#now() - time.readUIntBE(0, TIME_BYTES)
    return age >= 0 && age < LIFE
  }

  #mac(time: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update(time).digest().subarray(0, MAC_BYTES)
  }
}
