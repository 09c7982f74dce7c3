import { EMPTY_ROOT, hashNode } from './merkle-hash.ts'

/** Hash of the perfect subtree over leaves `index · 2^height` up to the next; both within the tree. */
export type NodeReader = (height: number, index: number) => Uint8Array

interface Peak {
  readonly height: number
  readonly hash: Uint8Array
}

/**
 * The right edge of a tree: one hash for each perfect subtree that is still waiting for its sibling. Enough to
 * append and to know the root, in O(log n) memory.
 */
export class TreeFrontier {
  readonly #peaks: Peak[] = []
  #size = 0

  /** Number of leaves. */
  get size(): number {
    return this.#size
  }

  /**
   * Appends a perfect subtree of 2^height leaves (0 = one leaf); the size must be a multiple of that.
   * @param onNode told of every perfect subtree that this completes, itself first.
   */
  append(hash: Uint8Array, height = 0, onNode?: (height: number, hash: Uint8Array) => void): void {
    this.#size += 2 ** height
    let node: Peak = { height, hash }
    onNode?.(height, hash)
    for (let top = this.#peaks.at(-1); top?.height === node.height; top = this.#peaks.at(-1)) {
      this.#peaks.pop()
      node = { height: node.height + 1, hash: hashNode(top.hash, node.hash) }
      onNode?.(node.height, node.hash)
    }
    this.#peaks.push(node)
  }

  /** Merkle tree hash of everything appended (RFC 9162 §2.1.1). */
  root(): Uint8Array {
    let root: Uint8Array | undefined
    for (const peak of this.#peaks.toReversed()) root = root ? hashNode(peak.hash, root) : peak.hash
    return root ?? EMPTY_ROOT
  }
}

/** A whole tree in memory: for tests, the memory store and proofs over an export. */
export class MerkleTree {
  readonly #levels: Uint8Array[][] = []
  readonly #frontier = new TreeFrontier()

  get size(): number {
    return this.#frontier.size
  }

  append(leaf: Uint8Array): void {
    this.#frontier.append(leaf, 0, (height, hash) => {
      const level = this.#levels[height]
      if (level) level.push(hash)
      else this.#levels[height] = [hash]
    })
  }

  /** @throws RangeError when the tree has no such complete subtree. */
  readonly node: NodeReader = (height, index) => {
    const hash = this.#levels[height]?.[index]
    if (hash === undefined) throw new RangeError(`no complete subtree ${index} at height ${height}`)
    return hash
  }

  /** Root as it was when the tree had `size` leaves. */
  root(size: number = this.size): Uint8Array {
    return size === 0 ? EMPTY_ROOT : subtreeHash(this.node, 0, size)
  }
}

/** Hash over leaves `from` (inclusive) to `to` (exclusive), for a range that RFC 9162 splits into. */
export function subtreeHash(node: NodeReader, from: number, to: number): Uint8Array {
  const width = to - from
  const height = Math.log2(width)
  if (Number.isInteger(height) && from % width === 0) return node(height, from / width)
  const middle = from + splitPoint(width)
  return hashNode(subtreeHash(node, from, middle), subtreeHash(node, middle, to))
}

/** The largest power of two smaller than `width` (RFC 9162 §2.1.1); `width` > 1. */
export function splitPoint(width: number): number {
  let point = 1
  while (point * 2 < width) point *= 2
  return point
}
