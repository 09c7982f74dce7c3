import { createHash, hash, randomFillSync } from 'node:crypto'

export const SALT_BYTES = 16

/** Room for salt and text, so that most are hashed in one call. */
const joined = Buffer.alloc(65_536)

/**
 * What a record says of content that lies beside it: hex SHA-256(salt ‖ text as UTF-8). Without the salt it
 * says nothing, so destroying salt and content together is an erasure.
 */
export function commitment(salt: Uint8Array, content: string | Uint8Array): string {
  if (typeof content === 'string' && salt.length + content.length * 3 <= joined.length) {
    joined.set(salt)
    const end = salt.length + joined.write(content, salt.length, 'utf8')
    return hash('sha256', joined.subarray(0, end), 'hex')
  }
  return createHash('sha256').update(salt).update(content).digest('hex')
}

const POOL_SALTS = 256

/** A source of fresh salts that asks the system for many at a time. */
export function saltSource(): () => Uint8Array {
  let pool = new Uint8Array(0)
  let used = 0
  return () => {
    if (used === pool.length) {
      pool = randomFillSync(new Uint8Array(SALT_BYTES * POOL_SALTS))
      used = 0
    }
    used += SALT_BYTES
    return pool.subarray(used - SALT_BYTES, used)
  }
}
