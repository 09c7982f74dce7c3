import { hashNode, sameBytes } from './merkle-hash.ts'
import { splitPoint, subtreeHash, type NodeReader } from './merkle-tree.ts'

/**
 * Hashes that lead from leaf `index` to the root of the first `size` leaves, nearest first (RFC 9162 §2.1.3.1).
 * @throws RangeError when the leaf is not within the size.
 */
export function inclusionProof(node: NodeReader, index: number, size: number): Uint8Array[] {
  if (index < 0 || index >= size) throw new RangeError(`leaf ${index} is not in a tree of ${size}`)
  const path = (from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return []
    const middle = from + splitPoint(to - from)
    return index < middle
      ? [...path(from, middle), subtreeHash(node, middle, to)]
      : [...path(middle, to), subtreeHash(node, from, middle)]
  }
  return path(0, size)
}

/**
 * Hashes that show that the tree of `older` leaves is a prefix of the tree of `newer` (RFC 9162 §2.1.4.1).
 * Empty when there is nothing to show.
 * @throws RangeError when `older` is larger than `newer`.
 */
export function consistencyProof(node: NodeReader, older: number, newer: number): Uint8Array[] {
  if (older < 0 || older > newer) throw new RangeError(`a tree of ${newer} has no prefix of ${older}`)
  const path = (from: number, to: number, whole: boolean): Uint8Array[] => {
    if (older === to) return whole ? [] : [subtreeHash(node, from, to)]
    const middle = from + splitPoint(to - from)
    return older <= middle
      ? [...path(from, middle, whole), subtreeHash(node, middle, to)]
      : [...path(middle, to, false), subtreeHash(node, from, middle)]
  }
  return older === 0 || older === newer ? [] : path(0, newer, true)
}

export interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leaf: Uint8Array
  readonly root: Uint8Array
}

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion(claim: InclusionClaim, proof: readonly Uint8Array[]): boolean {
  if (claim.index < 0 || claim.index >= claim.size) return false
  let position = claim.index
  let last = claim.size - 1
  let hash = claim.leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      hash = hashNode(sibling, hash)
      while (position % 2 === 0 && position !== 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = hashNode(hash, sibling)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && sameBytes(hash, claim.root)
}

export interface ConsistencyClaim {
  readonly older: { readonly size: number; readonly root: Uint8Array }
  readonly newer: { readonly size: number; readonly root: Uint8Array }
}

/** RFC 9162 §2.1.4.2. An older tree without leaves is a prefix of every tree. */
export function verifyConsistency(claim: ConsistencyClaim, proof: readonly Uint8Array[]): boolean {
  const { older, newer } = claim
  if (older.size > newer.size) return false
  if (older.size === newer.size) return proof.length === 0 && sameBytes(older.root, newer.root)
  if (older.size === 0) return proof.length === 0
  const isPowerOfTwo = Number.isInteger(Math.log2(older.size))
  const [first, ...rest] = isPowerOfTwo ? [older.root, ...proof] : proof
  if (first === undefined) return false
  let position = older.size - 1
  let last = newer.size - 1
  while (position % 2 === 1) {
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  let olderRoot = first
  let newerRoot = first
  for (const hash of rest) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      olderRoot = hashNode(hash, olderRoot)
      newerRoot = hashNode(hash, newerRoot)
      while (position % 2 === 0 && position !== 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else {
      newerRoot = hashNode(newerRoot, hash)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && sameBytes(olderRoot, older.root) && sameBytes(newerRoot, newer.root)
}
