import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Lives as long as the process: digests of two comparisons cannot be related from outside. */
const KEY = randomBytes(32)

/**
 * True when both secrets are the same. Takes the same time wherever they differ and whatever their lengths:
 * both are reduced to a keyed digest first.
 */
export function equalSecrets(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(secret: string | Uint8Array): Buffer {
  return createHmac('sha256', KEY).update(secret).digest()
}
