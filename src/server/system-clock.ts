import { hash, randomFillSync } from 'node:crypto'
import type { Clock, Entropy } from '../core/clock.ts'
import type { Digest } from '../core/ids.ts'

/** The time of this machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  micros: () => Math.round(performance.now() * 1000),
}

const POOL_BYTES = 4096
let pool = new Uint8Array(0)
let used = 0

/** The randomness of this machine, asked for by the page: a question for each id would cost more than the id. */
export const SYSTEM_ENTROPY: Entropy = {
  bytes(size) {
    if (size > POOL_BYTES) return randomFillSync(new Uint8Array(size))
    if (used + size > pool.length) {
      pool = randomFillSync(new Uint8Array(POOL_BYTES))
      used = 0
    }
    // INVARIANT: each byte is handed out once, copied, and does not stay behind.
    const bytes = pool.slice(used, used + size)
    pool.fill(0, used, used + size)
    used += size
    return bytes
  },
}

/** Lower-case hex SHA-256 of the text's UTF-8. */
export function sha256(text: string): Digest {
  return hash('sha256', text, 'hex') as Digest
}
