import { createHmac, randomBytes, randomInt } from 'node:crypto'
import { SecretScanner } from '../classify/secrets/secret-scanner.ts'

/** What makes the memory of two scanners of one process the same. Made at start and kept nowhere. */
export interface ScannerKey {
  readonly key: Uint8Array
  readonly seed: number
}

export function makeScannerKey(): ScannerKey {
  return { key: new Uint8Array(randomBytes(32)), seed: randomInt(2 ** 31) }
}

/** A scanner whose memory is of this process: HMAC-SHA256 under its key. */
export function createScanner({ key, seed }: ScannerKey = makeScannerKey()): SecretScanner {
  return new SecretScanner({
    of: (text) => createHmac('sha256', key).update(text).digest('base64'),
    seed,
  })
}
