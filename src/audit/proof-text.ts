import { z } from 'zod'

import { RemitError } from '../core/errors.ts'
import { parseCheckpoint, type TreeHead } from './checkpoint.ts'
import { HASH_BYTES } from './merkle-hash.ts'

/** That a record is in the ledger that a checkpoint signed. */
export interface InclusionProof {
  readonly kind: 'inclusion'
  readonly index: number
  /** Its body, the bytes that its leaf is the hash of. */
  readonly body: string
  readonly path: readonly Uint8Array[]
  /** The signed note. */
  readonly checkpoint: string
}

/** That one checkpoint signed the beginning of what another signed. */
export interface ConsistencyProof {
  readonly kind: 'consistency'
  /** Signed notes. */
  readonly from: string
  readonly to: string
  readonly path: readonly Uint8Array[]
}

export type Proof = InclusionProof | ConsistencyProof

const TLOG_PROOF = 'c2sp.org/tlog-proof@v1'
const CONSISTENCY = 'remit-consistency-proof/1'
const JSON_FORMAT = 'remit-proof/1'

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/**
 * As text: an inclusion as https://c2sp.org/tlog-proof, the body as its extra data; a consistency, for which there is no
 * such form, as a line that names it, the hashes, and both notes, an empty line before each.
 */
export function proofText(proof: Proof): string {
  const hashes = proof.path.map((hash) => `${base64(hash)}\n`).join('')
  if (proof.kind === 'consistency') return `${CONSISTENCY}\n${hashes}\n${proof.from}\n${proof.to}`
  return `${TLOG_PROOF}\nextra ${base64(Buffer.from(proof.body))}\nindex ${proof.index}\n${hashes}\n${proof.checkpoint}`
}

/** The same as JSON, for programs. */
export function proofJson(proof: Proof): string {
  const { path, ...rest } = proof
  return `${JSON.stringify({ format: JSON_FORMAT, ...rest, path: path.map(base64) })}\n`
}

const HASH = /^[A-Za-z0-9+/]{43}=$/
const JSON_SHAPE = z.discriminatedUnion('kind', [
  z.strictObject({
    format: z.literal(JSON_FORMAT),
    kind: z.literal('inclusion'),
    index: z.int().min(0),
    body: z.string(),
    path: z.array(z.string().regex(HASH)).max(63),
    checkpoint: z.string(),
  }),
  z.strictObject({
    format: z.literal(JSON_FORMAT),
    kind: z.literal('consistency'),
    from: z.string(),
    to: z.string(),
    path: z.array(z.string().regex(HASH)).max(63),
  }),
])

/** Either form. @throws RemitError `state_unreadable` for anything else. */
export function readProof(text: string): Proof {
  const proof = text.startsWith('{') ? readJson(text) : readText(text)
  if (proof !== undefined) return proof
  throw new RemitError('state_unreadable', 'this is not a proof; give a file that `remit audit prove` wrote')
}

function readJson(text: string): Proof | undefined {
  try {
    const read = JSON_SHAPE.safeParse(JSON.parse(text))
    if (!read.success) return undefined
    const { format: _format, path, ...rest } = read.data
    return { ...rest, path: hashesOf(path) ?? [] }
  } catch {
    return undefined
  }
}

function readText(text: string): Proof | undefined {
  const [head = '', ...rest] = text.split('\n\n')
  const lines = head.split('\n')
  const note = rest.join('\n\n')
  if (lines[0] === CONSISTENCY) {
    const path = hashesOf(lines.slice(1).filter((line) => line !== ''))
    const [from, to] = splitNotes(note)
    return path && from !== undefined && to !== undefined
      ? { kind: 'consistency', from, to, path }
      : undefined
  }
  if (lines[0] !== TLOG_PROOF) return undefined
  const extra = /^extra ([A-Za-z0-9+/]+={0,2})$/.exec(lines[1] ?? '')?.[1]
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines[2] ?? '')?.[1]
  const path = hashesOf(lines.slice(3))
  if (extra === undefined || index === undefined || path === undefined) return undefined
  const body = Buffer.from(extra, 'base64').toString('utf8')
  return { kind: 'inclusion', index: Number(index), body, path, checkpoint: note }
}

/** Both have one empty line within, and one between them. */
function splitNotes(text: string): readonly (string | undefined)[] {
  const [a, b, c, d] = text.split('\n\n')
  if (c === undefined || d === undefined) return []
  return [`${a}\n\n${b}\n`, `${c}\n\n${d}`]
}

function hashesOf(lines: readonly string[]): readonly Uint8Array[] | undefined {
  const hashes = lines.map((line) => Buffer.from(line, 'base64'))
  return hashes.every((hash, i) => hash.length === HASH_BYTES && base64(hash) === lines[i])
    ? hashes
    : undefined
}

/** What a note says, signed or not. @throws RemitError `state_unreadable`. */
export function headOf(note: string): TreeHead {
  const head = parseCheckpoint(note)?.head
  if (head !== undefined) return head
  throw new RemitError('state_unreadable', 'this is not a checkpoint; give a signed note, or a file of them')
}
