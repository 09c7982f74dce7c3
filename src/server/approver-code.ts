import { randomBytes, scrypt, type ScryptOptions } from 'node:crypto'
import { z } from 'zod'
import { RemitError } from '../core/errors.ts'
import { equalSecrets } from '../net/constant-time.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

/** OWASP's second recommendation for scrypt: 64 MiB and about 0.15 s of one core a guess. */
const COST: ScryptOptions = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 2 ** 20 }
const HASH_BYTES = 32
const SALT_BYTES = 16
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const SHORTEST = 12

const fileSchema = z.strictObject({
  v: z.literal(1),
  approvers: z.record(z.string(), z.strictObject({ salt: z.base64(), hash: z.base64() })),
})

/** What is kept of an approver's code: nothing that could be presented. */
export interface CodeHash {
  readonly salt: string
  readonly hash: string
}

/** Codes by human id. */
export type ApproverHashes = Readonly<Record<string, CodeHash>>

/** Twenty unguessable characters (100 bits) in groups, easy to read aloud and to type. */
export function newApproverCode(): string {
  const letters = Array.from(randomBytes(20), (byte) => ALPHABET[byte & 31] ?? '')
  return [0, 5, 10, 15].map((start) => letters.slice(start, start + 5).join('')).join('-')
}

/** @throws RemitError `config_invalid` for a code that could be guessed. */
export async function hashApproverCode(code: string): Promise<CodeHash> {
  if (normalize(code).length < SHORTEST) {
    throw new RemitError('config_invalid', `an approver code needs at least ${SHORTEST} characters`)
  }
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(code, salt)
  return { salt: salt.toString('base64'), hash: hash.toString('base64') }
}

/** Takes the same time for every code. */
export async function matchesApproverCode(code: string, kept: CodeHash): Promise<boolean> {
  const hash = await derive(code, Buffer.from(kept.salt, 'base64'))
  return equalSecrets(hash, Buffer.from(kept.hash, 'base64'))
}

/** @throws RemitError `key_unusable` when the file is damaged or others can read it. */
export function readApproverHashes(path: string): ApproverHashes | undefined {
  const text = readPrivateFile(path, 'key_unusable')?.toString('utf8')
  if (text === undefined) return undefined
  try {
    return fileSchema.parse(JSON.parse(text)).approvers
  } catch (cause) {
    throw new RemitError(
      'key_unusable',
      `\`${path}\` is damaged; remove it to have a new approver code printed at the next start`,
      { cause },
    )
  }
}

export function writeApproverHashes(path: string, approvers: ApproverHashes): void {
  writePrivateFile(path, `${JSON.stringify({ v: 1, approvers }, null, 2)}\n`)
}

/** Case and hyphens are for the eye. */
function normalize(code: string): string {
  return code.normalize('NFKC').toLowerCase().replaceAll(/[\s-]/g, '')
}

function derive(code: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(normalize(code), salt, HASH_BYTES, COST, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
