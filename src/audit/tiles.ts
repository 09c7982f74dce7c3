import { HASH_BYTES } from './merkle-hash.ts'
import { TreeFrontier, type NodeReader } from './merkle-tree.ts'

/** Hashes in a full tile, and the height of the subtree it spans (C2SP tlog-tiles: 256 and 8). */
export const TILE_WIDTH = 256
export const TILE_HEIGHT = 8
export const TILE_BYTES = TILE_WIDTH * HASH_BYTES

/**
 * A full tile: `hashes` are the nodes `index · 256` up to the next, at height `level · 8`, joined; `root` is the node that
 * they make.
 */
export interface Tile {
  readonly level: number
  readonly index: number
  readonly hashes: Uint8Array
  readonly root: Uint8Array
}

/** Where https://c2sp.org/tlog-tiles puts a full tile: `tile/0/x001/x234/067`. */
export function tilePath(level: number, index: number): string {
  const groups: string[] = []
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`${groups.length === 0 ? '' : 'x'}${String(rest % 1000).padStart(3, '0')}`)
  }
  return `tile/${level}/${groups.join('/')}`
}

export function hashInTile(tile: Uint8Array, offset: number): Uint8Array {
  return tile.subarray(offset * HASH_BYTES, (offset + 1) * HASH_BYTES)
}

/** Root of the subtree that a run of node hashes of one height spans; a power of two of them. */
export function tileRoot(hashes: Uint8Array): Uint8Array {
  const frontier = new TreeFrontier()
  for (let i = 0; i < hashes.length / HASH_BYTES; i++) frontier.append(hashInTile(hashes, i))
  return frontier.root()
}

/** Any node of the tree from stored full tiles and the hashes of what is not in a full tile yet. */
export function nodesFromTiles(hashAt: (level: number, index: number) => Uint8Array): NodeReader {
  return (height, index) => {
    const level = Math.floor(height / TILE_HEIGHT)
    const above = height % TILE_HEIGHT
    if (above === 0) return hashAt(level, index)
    const width = 2 ** above
    const frontier = new TreeFrontier()
    for (let i = 0; i < width; i++) frontier.append(hashAt(level, index * width + i))
    return frontier.root()
  }
}

/** A growing tree that hands out each tile as it becomes full. */
export class TiledTree {
  readonly #frontier = new TreeFrontier()
  /** For each level, the hashes of the tile that is not full yet. */
  readonly #open: Uint8Array[][] = []
  readonly #onTile: (tile: Tile) => void

  constructor(onTile: (tile: Tile) => void) {
    this.#onTile = onTile
  }

  get size(): number {
    return this.#frontier.size
  }

  append(leaf: Uint8Array): void {
    this.#frontier.append(leaf, 0, (height, hash) => {
      if (height % TILE_HEIGHT !== 0) return
      const level = height / TILE_HEIGHT
      if (level > 0) this.#close(level - 1, hash)
      this.#keep(level, hash)
    })
  }

  root(): Uint8Array {
    return this.#frontier.root()
  }

  /**
   * Brings an empty tree to a known size.
   * @param hashAt reads node `index` at tile level `level` (height `8 · level`).
   */
  restore(size: number, hashAt: (level: number, index: number) => Uint8Array): void {
    const levels: number[] = []
    for (let nodes = size; nodes > 0; nodes = Math.floor(nodes / TILE_WIDTH)) levels.push(nodes)
    for (const [level, nodes] of [...levels.entries()].toReversed()) {
      for (let index = nodes - (nodes % TILE_WIDTH); index < nodes; index++) {
        const hash = hashAt(level, index)
        this.#frontier.append(hash, level * TILE_HEIGHT)
        this.#keep(level, hash)
      }
    }
  }

  #keep(level: number, hash: Uint8Array): void {
    ;(this.#open[level] ??= []).push(hash)
  }

  /** The node above a tile is there, so the tile is full. */
  #close(level: number, root: Uint8Array): void {
    const hashes = Buffer.concat(this.#open[level] ?? [])
    this.#open[level] = []
    const index = Math.floor(this.#frontier.size / TILE_WIDTH ** (level + 1)) - 1
    this.#onTile({ level, index, hashes, root })
  }
}
