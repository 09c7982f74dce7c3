import { verify } from 'node:crypto'

import { parseCheckpoint } from './checkpoint.ts'
import { COSIGNATURE, keyId, type VerifierKey } from './verifier-key.ts'

const ID_BYTES = 4
const TIME_BYTES = 8
const COSIGNATURE_BYTES = ID_BYTES + TIME_BYTES + 64

/** What a witness signs (https://c2sp.org/tlog-cosignature). @param seconds since the epoch. */
export function cosignedText(note: string, seconds: number): string {
  return `cosignature/v1\ntime ${seconds}\n${parseCheckpoint(note)?.text ?? ''}`
}

/**
 * Those of some signature lines that are good cosignatures of a note by a witness, as they stand.
 * @param lines each with its line feed, as a witness answers them.
 */
export function goodCosignatures(note: string, lines: string, witness: VerifierKey): readonly string[] {
  const expected = keyId(witness.name, witness.key, COSIGNATURE)
  return lines.split('\n').flatMap((line) => {
    const [, name, encoded] = /^— ([^ \n]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? []
    if (name !== witness.name || encoded === undefined) return []
    const bytes = Buffer.from(encoded, 'base64')
    if (bytes.length !== COSIGNATURE_BYTES || Buffer.compare(bytes.subarray(0, ID_BYTES), expected) !== 0)
      return []
    const seconds = Number(bytes.readBigUInt64BE(ID_BYTES))
    const signature = bytes.subarray(ID_BYTES + TIME_BYTES)
    const good = verify(null, Buffer.from(cosignedText(note, seconds)), witness.key, signature)
    return good ? [`${line}\n`] : []
  })
}
