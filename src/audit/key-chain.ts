import type { KeyObject } from 'node:crypto'

import { readKeyChange, type KeyChange } from './key-change.ts'
import type { LedgerSource } from './ledger-source.ts'
import { sameKey } from './verifier-key.ts'

/** What is wrong with the keys of a ledger, or cannot be known of them, at the record that changed them. */
export interface KeyTrouble {
  readonly index: number
  readonly text: string
}

/** Which key signs a ledger at which size, as far as it follows from the keys that are trusted. */
export interface KeyChain {
  /** All that ever signed. */
  readonly keys: readonly KeyObject[]
  /** The key that must have signed a checkpoint of this size; undefined = nothing trusted says. */
  at(size: number): KeyObject | undefined
  readonly changes: number
  readonly broken: readonly KeyTrouble[]
  readonly cautions: readonly KeyTrouble[]
}

/**
 * Reads the changes of key that a ledger has on record and follows them, from trusted keys on and back: each change is
 * signed by the key before and the one after it. A change that only the new key signed, since the old one was lost, is
 * followed back with a caution, and forward only where the new key is trusted too.
 */
export async function readKeyChain(
  source: LedgerSource,
  tenant: string,
  trusted: readonly KeyObject[],
): Promise<KeyChain> {
  const changes: KeyChange[] = []
  const broken: KeyTrouble[] = []
  for await (const { index, body } of source.keyChanges?.(tenant) ?? []) {
    const data = dataOf(body)
    if (data === undefined) continue
    const change = readKeyChange(tenant, index, data.data)
    if (change === undefined) {
      broken.push({
        index,
        text: `record ${index}: hands over to a key that did not sign it, or from one that did not`,
      })
    } else {
      // A rotation that was finished at the second attempt is on record twice.
      const last = changes.at(-1)
      if (last === undefined || !sameKey(last.new, change.new)) changes.push(change)
    }
  }
  return follow(changes, trusted, broken)
}

function follow(
  changes: readonly KeyChange[],
  trusted: readonly KeyObject[],
  broken: KeyTrouble[],
): KeyChain {
  const cautions: KeyTrouble[] = []
  const believed = (key: KeyObject | undefined): boolean =>
    key !== undefined && trusted.some((each) => sameKey(each, key))
  // Of stretch i, before change i: its key, where something trusted leads to it.
  const stretches: (KeyObject | undefined)[] = [
    ...changes.map(({ old }) => (believed(old) ? old : undefined)),
    undefined,
  ]
  for (const [i, { new: fresh }] of changes.entries()) if (believed(fresh)) stretches[i + 1] = fresh
  if (changes.length === 0) stretches[0] = trusted[0]
  for (const [i, change] of changes.entries()) {
    const { index, lost, old } = change
    const before = stretches[i]
    if (before !== undefined && old !== undefined && !sameKey(before, old)) {
      broken.push({ index, text: `record ${index}: hands over from a key that did not sign so far` })
    }
    if (stretches[i + 1] !== undefined || before === undefined) continue
    if (lost) {
      broken.push({
        index,
        text: `record ${index}: another key took over without a signature of the one before, as after a loss; give the new one with --key as well where you trust it`,
      })
    } else stretches[i + 1] = change.new
  }
  for (const [i, { index, lost, old }] of [...changes.entries()].toReversed()) {
    if (lost && stretches[i + 1] !== undefined) cautions.push({ index, text: lossCaution(index) })
    if (stretches[i] === undefined && stretches[i + 1] !== undefined) stretches[i] = old
  }
  return {
    keys: [...trusted, ...changes.flatMap((change) => [change.new, ...(change.old ? [change.old] : [])])],
    at: (size) => stretches[changes.findLastIndex(({ index }) => index < size) + 1],
    changes: changes.length,
    broken,
    cautions,
  }
}

function lossCaution(index: number): string {
  return `the ledger’s key was lost, and another took over at record ${index}: whoever holds that one could have rewritten all before; compare with a copy of the checkpoints from before`
}

function dataOf(body: Uint8Array): { readonly data: unknown } | undefined {
  try {
    const parsed = JSON.parse(Buffer.from(body).toString('utf8')) as { kind?: unknown; data?: unknown }
    return parsed.kind === 'ledger.key' ? { data: parsed.data } : undefined
  } catch {
    return undefined
  }
}
