import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, rmSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import { readPrivateFile, writePrivateFile } from '../private-file.ts'

/** Where keys lie: as they are, or sealed under a key that somebody else keeps. */
export interface KeyFiles {
  readonly sealed: boolean
  /** @throws RemitError `key_unusable`. */
  read(path: string): Buffer | undefined
  write(path: string, content: string | Uint8Array): void
  /** When it was written, in milliseconds since the epoch; undefined = it is not there. */
  writtenAt(path: string): number | undefined
}

/** As they are, readable by their owner only. */
export const PLAIN_KEY_FILES: KeyFiles = {
  sealed: false,
  read: (path) => readPrivateFile(path, 'key_unusable'),
  write: writePrivateFile,
  writtenAt: (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs,
}

const SUFFIX = '.sealed'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Each in `<name>.sealed`: nonce, tag and AES-256-GCM of it, bound to its name. */
export class SealedKeyFiles implements KeyFiles {
  readonly sealed = true
  readonly #key: Uint8Array

  /** @param key 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key
  }

  /** One that was put there as it is gets sealed, and goes. */
  read(path: string): Buffer | undefined {
    const plain = readPrivateFile(path, 'key_unusable')
    if (plain !== undefined) {
      this.write(path, plain)
      return plain
    }
    const sealed = readPrivateFile(path + SUFFIX, 'key_unusable')
    return sealed === undefined ? undefined : this.#open(path, sealed)
  }

  write(path: string, content: string | Uint8Array): void {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(basename(path)))
    const text = Buffer.concat([cipher.update(Buffer.from(content as Uint8Array)), cipher.final()])
    writePrivateFile(path + SUFFIX, Buffer.concat([nonce, cipher.getAuthTag(), text]))
    rmSync(path, { force: true })
  }

  writtenAt(path: string): number | undefined {
    const place = existsSync(path) ? path : path + SUFFIX
    return PLAIN_KEY_FILES.writtenAt(place)
  }

  #open(path: string, sealed: Buffer): Buffer {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce)
        .setAAD(Buffer.from(basename(path)))
        .setAuthTag(tag)
      const text = sealed.subarray(NONCE_BYTES + TAG_BYTES)
      return Buffer.concat([decipher.update(text), decipher.final()])
    } catch (cause) {
      throw new RemitError(
        'key_unusable',
        `\`${path}${SUFFIX}\` was changed, or sealed under another key; restore it from a backup`,
        { cause },
      )
    }
  }
}
