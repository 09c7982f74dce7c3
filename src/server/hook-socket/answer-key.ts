import { createHmac, randomBytes } from 'node:crypto'

/** Bytes of a block of SHA-256. */
const BLOCK = 64

/** What an answer over the socket is about. */
export interface SignedAnswer {
  readonly nonce: string
  readonly status: number
  /** One line. */
  readonly answer: string
  /** The payload of the hook as it came. */
  readonly request: Buffer
}

/** Proves that an answer is from who made the key: a process that took the place of the socket has none. */
export class AnswerKey {
  readonly #key = randomBytes(BLOCK / 2)

  /**
   * HMAC-SHA-256 (RFC 2104) in hex. Nonce, status and answer are lines, so that nothing can be moved from one part to
   * another; the request is in it, so that an answer to another request is none to this one.
   */
  sign({ nonce, status, answer, request }: SignedAnswer): string {
    return createHmac('sha256', this.#key)
      .update(`${nonce}\n${status}\n${answer}\n`)
      .update(request)
      .digest('hex')
  }

  /** For the clients: hex, and the two padded keys of RFC 2104 as `printf` of a shell takes them, which cannot compute them. */
  lines(): readonly [hex: string, inner: string, outer: string] {
    return [this.#key.toString('hex'), this.#padded(0x36), this.#padded(0x5c)]
  }

  #padded(pad: number): string {
    const block = Buffer.alloc(BLOCK, pad)
    for (const [at, byte] of this.#key.entries()) block[at] = byte ^ pad
    return [...block].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  }
}
