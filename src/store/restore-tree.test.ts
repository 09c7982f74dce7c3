import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkpointOrigin, signCheckpoint } from '../audit/checkpoint.ts'
import { hashLeaf } from '../audit/merkle-hash.ts'
import { type Tile, TiledTree } from '../audit/tiles.ts'
import { restoreTree } from './restore-tree.ts'
import type { TreeRows } from './tree-rows.ts'

const TENANT = 'default'
const SIGNED = 256 * 20 + 30
const SIZE = SIGNED + 300
const { privateKey: signingKey } = generateKeyPairSync('ed25519')

const tiles = new Map<string, Tile>()
const written = new TiledTree((tile) => tiles.set(`${tile.level}/${tile.index}`, tile))
let checkpoint = ''
for (let index = 0; index < SIZE; index++) {
  if (index === SIGNED) {
    const head = { origin: checkpointOrigin(TENANT), size: SIGNED, root: written.root() }
    checkpoint = signCheckpoint(head, signingKey)
  }
  written.append(hashLeaf(bodyOf(index)))
}

function bodyOf(index: number): string {
  return `{"record":${index}}`
}

/** What a store has kept; counts the tiles that are read, since each costs 255 hashes. */
class Rows implements TreeRows {
  read = 0
  readonly #root: (tile: Tile) => Uint8Array | undefined
  readonly #hashes: (tile: Tile) => Uint8Array

  constructor(root: (tile: Tile) => Uint8Array | undefined, hashes = (tile: Tile) => tile.hashes) {
    this.#root = root
    this.#hashes = hashes
  }

  size = () => SIZE
  checkpoint = () => checkpoint
  record = (index: number) => ({ index, leaf: hashLeaf(bodyOf(index)), body: bodyOf(index) })
  tileRoot(level: number, index: number): Uint8Array | undefined {
    const tile = tiles.get(`${level}/${index}`)
    return tile && this.#root(tile)
  }
  tile(level: number, index: number): Uint8Array | undefined {
    this.read += 1
    const tile = tiles.get(`${level}/${index}`)
    return tile && this.#hashes(tile)
  }
}

function restored(rows: TreeRows): Uint8Array {
  return restoreTree({ tenant: TENANT, rows, signingKey, outside: [], onTile: () => {} }).tree.root()
}

describe('R-AUD-2: the edge of a tree is made again', () => {
  test('from roots that were stored with tiles, without hashing those tiles', () => {
    const rows = new Rows(({ root }) => root)
    expect(restored(rows)).toEqual(written.root())
    // Only the one that became full after the checkpoint is compared.
    expect(rows.read).toBe(1)
  })

  test('from tiles that an earlier release stored without one', () => {
    const rows = new Rows(() => undefined)
    expect(restored(rows)).toEqual(written.root())
    expect(rows.read).toBe(21)
  })

  test('from the tiles where a stored root is not theirs', () => {
    const wrong = new Rows(({ root, index }) => (index === 7 ? new Uint8Array(32) : root))
    expect(restored(wrong)).toEqual(written.root())
    expect(wrong.read).toBe(21)
  })

  test('and refused where neither makes what was signed', () => {
    const zero = (tile: Tile) => (tile.index === 7 ? new Uint8Array(256 * 32) : tile.hashes)
    expect(() => restored(new Rows(() => undefined, zero))).toThrow(
      /is not what the checkpoint of 5150 signed/,
    )
    expect(() => restored(new Rows(() => new Uint8Array(32), zero))).toThrow(/checkpoint of 5150 signed/)
  })
})
