import { hash, randomBytes } from 'node:crypto'
import type { Clock, Entropy } from '../core/clock.ts'
import type { Digest } from '../core/ids.ts'

/** The time of this machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  micros: () => Math.round(performance.now() * 1000),
}

/** The randomness of this machine. */
export const SYSTEM_ENTROPY: Entropy = { bytes: (size) => randomBytes(size) }

/** Lower-case hex SHA-256 of the text's UTF-8. */
export function sha256(text: string): Digest {
  return hash('sha256', text, 'hex') as Digest
}
