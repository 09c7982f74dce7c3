import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import type { StoredSecret } from '../core/stored-secret.ts'

/** A master key: 32 bytes, and a name that tells nothing about them. */
export interface MasterKey {
  readonly id: string
  readonly bytes: Uint8Array
}

type Place = Pick<StoredSecret, 'tenant' | 'name' | 'version'>
type Sealed = Pick<StoredSecret, 'key' | 'sealed'>

const SALT = 16
const NONCE = 12
const TAG = 16

/** @param bytes 32 of them, from a good source of randomness. */
export function masterKey(bytes: Uint8Array): MasterKey {
  const id = createHash('sha256').update('remit secrets key id\0').update(bytes).digest('hex').slice(0, 16)
  return { id, bytes }
}

/**
 * AES-256-GCM under a key of this entry alone (HKDF-SHA256, RFC 5869). Tenant, name and version are bound into the
 * seal: a row that is moved to another place, or whose version is altered, does not open.
 */
export function sealSecret(key: MasterKey, place: Place, value: string): string {
  const salt = randomBytes(SALT)
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', entryKey(key, salt), nonce)
  cipher.setAAD(boundTo(place))
  const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** @throws RemitError `key_unusable` for an entry of another key, or one that is not what was sealed. */
export function openSecret(keys: readonly MasterKey[], entry: Place & Sealed): string {
  const { name, key: id, sealed } = entry
  const key = keys.find((each) => each.id === id)
  if (key === undefined) {
    throw new RemitError(
      'key_unusable',
      `the secret \`${name}\` is sealed under the master key ${id}, which this gateway does not have; give it that key (REMIT_SECRETS_KEY or \`keys/secrets.key\`), or set the secret again`,
    )
  }
  try {
    const bytes = Buffer.from(sealed, 'base64')
    const nonce = bytes.subarray(SALT, SALT + NONCE)
    const opener = createDecipheriv('aes-256-gcm', entryKey(key, bytes.subarray(0, SALT)), nonce, {
      authTagLength: TAG,
    })
    opener.setAAD(boundTo(entry))
    opener.setAuthTag(bytes.subarray(SALT + NONCE, SALT + NONCE + TAG))
    return Buffer.concat([opener.update(bytes.subarray(SALT + NONCE + TAG)), opener.final()]).toString('utf8')
  } catch (cause) {
    throw new RemitError(
      'key_unusable',
      `the secret \`${name}\` is not what was sealed under that name; somebody altered the database: set the secret again`,
      { cause },
    )
  }
}

function entryKey(key: MasterKey, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key.bytes, salt, 'remit secret v1', 32))
}

function boundTo({ tenant, name, version }: Place): Buffer {
  return Buffer.from(JSON.stringify(['remit secret v1', tenant, name, version]))
}
