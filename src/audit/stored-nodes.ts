import type { LedgerSource, TileRows } from './ledger-source.ts'

import { TreeFrontier, type NodeReader } from './merkle-tree.ts'
import { hashInTile, TiledTree, TILE_BYTES, TILE_HEIGHT, TILE_WIDTH, tileRoot, type Tile } from './tiles.ts'

interface Node {
  readonly height: number
  readonly index: number
}

/**
 * The nodes that a walk over a tree asks for, read from a ledger at rest: from tiles where it keeps some, else in one
 * pass over its records.
 * @param walk run twice: first to learn what it needs, then with the true hashes. It must not branch on hashes.
 * @throws RangeError when the ledger does not have what is needed.
 */
export async function withNodes<T>(
  source: LedgerSource,
  tenant: string,
  walk: (node: NodeReader) => T,
): Promise<T> {
  const wanted = new Map<string, Node>()
  walk((height, index) => {
    wanted.set(`${height}/${index}`, { height, index })
    return NOTHING
  })
  const tiles = source.tiles?.(tenant)
  const nodes =
    tiles === undefined
      ? await fromRecords(source, tenant, [...wanted.values()])
      : await fromTiles(new StoredHashes(source, tenant, tiles), [...wanted.values()])
  return walk((height, index) => nodes.get(`${height}/${index}`) ?? missing(height, index))
}

const NOTHING = new Uint8Array(32)

function missing(height: number, index: number): never {
  throw new RangeError(`records from ${index * 2 ** height} on are not all there`)
}

async function fromRecords(
  source: LedgerSource,
  tenant: string,
  wanted: readonly Node[],
): Promise<Map<string, Uint8Array>> {
  const building = wanted.map((node) => ({ ...node, tree: new TreeFrontier() }))
  const end = Math.max(0, ...wanted.map(({ height, index }) => (index + 1) * 2 ** height))
  for await (const { index, leaf } of source.records(tenant)) {
    if (index >= end) break
    if (leaf === undefined) continue
    for (const each of building)
      if (Math.floor(index / 2 ** each.height) === each.index) each.tree.append(leaf)
  }
  const whole = building.filter(({ height, tree }) => tree.size === 2 ** height)
  return new Map(whole.map(({ height, index, tree }) => [`${height}/${index}`, tree.root()]))
}

async function fromTiles(stored: StoredHashes, wanted: readonly Node[]): Promise<Map<string, Uint8Array>> {
  const nodes = new Map<string, Uint8Array>()
  for (const { height, index } of wanted) {
    const level = Math.floor(height / TILE_HEIGHT)
    const width = 2 ** (height % TILE_HEIGHT)
    const tree = new TreeFrontier()
    for (let i = index * width; i < (index + 1) * width; i++) tree.append(await stored.at(level, i))
    nodes.set(`${height}/${index}`, tree.root())
  }
  return nodes
}

/** Nodes at the heights of tiles, from tiles and the records behind them. */
class StoredHashes {
  readonly #source: LedgerSource
  readonly #tenant: string
  readonly #tiles: TileRows
  readonly #read = new Map<string, Uint8Array | undefined>()

  constructor(source: LedgerSource, tenant: string, tiles: TileRows) {
    this.#source = source
    this.#tenant = tenant
    this.#tiles = tiles
  }

  /** @throws RangeError when it is not there. */
  async at(level: number, index: number): Promise<Uint8Array> {
    const tile = await this.#tile(level, Math.floor(index / TILE_WIDTH))
    const offset = index % TILE_WIDTH
    if (tile !== undefined && tile.length > offset * 32) return hashInTile(tile, offset)
    if (level === 0) return missing(0, index)
    const below = await this.#tile(level - 1, index)
    return below?.length === TILE_BYTES ? tileRoot(below) : missing(level * TILE_HEIGHT, index)
  }

  async #tile(level: number, index: number): Promise<Uint8Array | undefined> {
    const key = `${level}/${index}`
    if (!this.#read.has(key)) {
      const tile = await this.#tiles.get({ level, index })
      const leaves = tile === undefined && level === 0 ? await this.#leaves(index * TILE_WIDTH) : tile
      this.#read.set(key, leaves)
    }
    return this.#read.get(key)
  }

  async #leaves(from: number): Promise<Uint8Array> {
    const leaves: Uint8Array[] = []
    for await (const { index, leaf } of this.#source.records(this.#tenant, from)) {
      if (leaf === undefined || index !== from + leaves.length || leaves.length === TILE_WIDTH) break
      leaves.push(leaf)
    }
    return Buffer.concat(leaves)
  }
}

/**
 * A tree as it was at a size, to go on from; only as true as what is stored, so its root must be compared.
 * @throws RangeError when the ledger does not have what is needed.
 */
export async function treeAt(
  source: LedgerSource,
  tenant: string,
  { size, onTile }: { readonly size: number; readonly onTile: (tile: Tile) => void },
): Promise<TiledTree> {
  const tree = new TiledTree(onTile)
  const tiles = source.tiles?.(tenant)
  if (tiles === undefined) {
    for await (const { index, leaf } of source.records(tenant)) {
      if (index >= size) break
      if (leaf !== undefined && index === tree.size) tree.append(leaf)
    }
    if (tree.size < size) missing(0, tree.size)
    return tree
  }
  const stored = new StoredHashes(source, tenant, tiles)
  const hashes = new Map<string, Uint8Array>()
  for (let level = 0, nodes = size; nodes > 0; level += 1, nodes = Math.floor(nodes / TILE_WIDTH)) {
    for (let index = nodes - (nodes % TILE_WIDTH); index < nodes; index++) {
      hashes.set(`${level}/${index}`, await stored.at(level, index))
    }
  }
  tree.restore(size, (level, index) => hashes.get(`${level}/${index}`) ?? missing(level, index))
  return tree
}
