import { createHmac, randomBytes, randomInt } from 'node:crypto'
import { SecretScanner } from '../classify/secrets/secret-scanner.ts'

/** A scanner whose memory is of this process: HMAC-SHA256 under a key that is made here and kept nowhere. */
export function createScanner(): SecretScanner {
  const key = randomBytes(32)
  return new SecretScanner({
    of: (text) => createHmac('sha256', key).update(text).digest('base64'),
    seed: randomInt(2 ** 31),
  })
}
