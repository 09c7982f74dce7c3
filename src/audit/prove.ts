import type { KeyObject } from 'node:crypto'

import { RemitError } from '../core/errors.ts'
import { checkpointOrigin, verifyCheckpoint, type TreeHead } from './checkpoint.ts'
import type { LedgerSource } from './ledger-source.ts'
import { hashLeaf } from './merkle-hash.ts'
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from './merkle-proof.ts'
import { headOf, type ConsistencyProof, type InclusionProof, type Proof } from './proof-text.ts'
import { withNodes } from './stored-nodes.ts'

/** A ledger that proofs are made of. */
export interface Provable {
  readonly source: LedgerSource
  readonly tenant: string
}

/** Which checkpoint: a signed note, or a size that one was signed for; undefined = the newest. */
export type CheckpointName = string | number | undefined

/**
 * Proves that a record is in the ledger that a checkpoint signed.
 * @param record its index, or an id that only one record has.
 * @throws RemitError `not_found`; `ledger_broken` where what is stored is not what was signed.
 */
export async function proveInclusion(
  ledger: Provable,
  record: string,
  checkpoint?: CheckpointName,
): Promise<InclusionProof> {
  const { index, body } = await findRecord(ledger, record)
  const note = await findCheckpoint(ledger, checkpoint)
  const { size, root } = headOf(note)
  if (index >= size) {
    throw notFound(`record ${index} came after the checkpoint of ${size}; take a later one, or wait a second`)
  }
  const path = await nodesOrBroken(ledger, (node) => inclusionProof(node, index, size))
  if (!verifyInclusion({ index, size, leaf: hashLeaf(body), root }, path)) throw broken(ledger.tenant, size)
  return { kind: 'inclusion', index, body, path, checkpoint: note }
}

/**
 * Proves that one checkpoint signed the beginning of what another signed.
 * @throws RemitError as `proveInclusion`.
 */
export async function proveConsistency(
  ledger: Provable,
  older: CheckpointName,
  newer?: CheckpointName,
): Promise<ConsistencyProof> {
  const from = await findCheckpoint(ledger, older)
  const to = await findCheckpoint(ledger, newer)
  const claim = { older: headOf(from), newer: headOf(to) }
  if (claim.older.size > claim.newer.size) {
    throw notFound(
      `the checkpoint of ${claim.older.size} is later than that of ${claim.newer.size}; name the older one first`,
    )
  }
  const path = await nodesOrBroken(ledger, (node) =>
    consistencyProof(node, claim.older.size, claim.newer.size),
  )
  if (!verifyConsistency(claim, path)) throw broken(ledger.tenant, claim.older.size)
  return { kind: 'consistency', from, to, path }
}

async function nodesOrBroken<T>(
  { source, tenant }: Provable,
  walk: Parameters<typeof withNodes<T>>[2],
): Promise<T> {
  try {
    return await withNodes(source, tenant, walk)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new RemitError(
      'ledger_broken',
      `the ledger of \`${tenant}\`: ${error.message}; run \`remit audit verify\``,
    )
  }
}

async function findRecord(
  { source, tenant }: Provable,
  record: string,
): Promise<{ readonly index: number; readonly body: string }> {
  if (/^\d{1,15}$/.test(record)) {
    for await (const { index, body } of source.records(tenant, Number(record))) {
      if (index === Number(record) && body !== undefined)
        return { index, body: Buffer.from(body).toString('utf8') }
      break
    }
    throw notFound(`there is no record ${record}`)
  }
  const sought = Buffer.from(`"id":${JSON.stringify(record)}`)
  const found: { index: number; body: string; kind: string }[] = []
  for await (const { index, body } of source.records(tenant)) {
    if (body === undefined || !Buffer.from(body.buffer, body.byteOffset, body.length).includes(sought))
      continue
    const text = Buffer.from(body).toString('utf8')
    const { id, kind } = JSON.parse(text) as { id?: unknown; kind?: unknown }
    if (id === record) found.push({ index, body: text, kind: String(kind) })
  }
  const [only, ...more] = found
  if (only !== undefined && more.length === 0) return only
  const named = found.map(({ index, kind }) => `${index} (${kind})`).join(', ')
  throw notFound(
    only === undefined
      ? `there is no record \`${record}\``
      : `\`${record}\` has several records: give the number of one: ${named}`,
  )
}

async function findCheckpoint({ source, tenant }: Provable, name: CheckpointName): Promise<string> {
  if (typeof name === 'string') return name
  let newest: string | undefined
  for await (const { size, note } of source.checkpoints(tenant)) {
    if (size === name) return note
    newest = note
  }
  if (name === undefined && newest !== undefined) return newest
  throw notFound(
    name === undefined
      ? 'nothing is signed yet; wait a second'
      : `no checkpoint was signed for ${name} records`,
  )
}

/** What a proof shows, once it holds. */
export interface ProofReport {
  readonly ok: boolean
  readonly kind: Proof['kind']
  /** One sentence: what it shows, or why it shows nothing. */
  readonly text: string
}

/**
 * Checks a proof with nothing but keys.
 * @param keys that the ledger may be signed with.
 */
export function checkProof(proof: Proof, keys: readonly KeyObject[]): ProofReport {
  const { kind } = proof
  const notes = kind === 'inclusion' ? [proof.checkpoint] : [proof.from, proof.to]
  const heads: TreeHead[] = []
  for (const note of notes) {
    const check = verifyCheckpoint(note, keys)
    if (!check.ok)
      return { ok: false, kind, text: `its checkpoint is not signed with a trusted key (${check.reason})` }
    heads.push(check.head)
  }
  const [older, newer = older] = heads
  if (older === undefined || newer === undefined) return { ok: false, kind, text: 'it names no checkpoint' }
  return kind === 'inclusion' ? checkInclusion(proof, older) : checkConsistency(proof, older, newer)
}

function checkInclusion({ index, body, path }: InclusionProof, head: TreeHead): ProofReport {
  const { size, root, origin } = head
  const kind = 'inclusion'
  const holds = verifyInclusion({ index, size, leaf: hashLeaf(body), root }, path)
  if (!holds)
    return { ok: false, kind, text: `the record is not number ${index} of the ${size} that were signed` }
  if (checkpointOrigin(tenantIn(body)) !== origin)
    return { ok: false, kind, text: `the record is not of \`${origin}\`` }
  return { ok: true, kind, text: `record ${index} is one of the ${size} of \`${origin}\` that were signed` }
}

function checkConsistency({ path }: ConsistencyProof, older: TreeHead, newer: TreeHead): ProofReport {
  const kind = 'consistency'
  const { origin } = newer
  if (older.origin !== origin) return { ok: false, kind, text: 'its checkpoints are of two ledgers' }
  return verifyConsistency({ older, newer }, path)
    ? {
        ok: true,
        kind,
        text: `the first ${older.size} of the ${newer.size} records of \`${origin}\` are those that were signed then`,
      }
    : {
        ok: false,
        kind,
        text: `the ${older.size} records that were signed are not the first of the ${newer.size} that were signed later`,
      }
}

function tenantIn(body: string): string {
  try {
    return String((JSON.parse(body) as { tenant?: unknown }).tenant)
  } catch {
    return ''
  }
}

function notFound(what: string): RemitError {
  return new RemitError('not_found', what)
}

function broken(tenant: string, size: number): RemitError {
  return new RemitError(
    'ledger_broken',
    `the ledger of \`${tenant}\` is broken: what is stored is not what the checkpoint of ${size} signed; run \`remit audit verify\``,
  )
}
