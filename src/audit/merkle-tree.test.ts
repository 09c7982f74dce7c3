import { describe, expect, it } from 'vitest'

import { EMPTY_ROOT, hashLeaf, toHex } from './merkle-hash.ts'
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from './merkle-proof.ts'
import { MerkleTree, TreeFrontier } from './merkle-tree.ts'
import { hashInTile, nodesFromTiles, TiledTree, tilePath, TILE_BYTES, type Tile } from './tiles.ts'

// Leaves and roots of the test vectors of certificate-transparency-go and RFC 6962 implementations.
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

describe('the Merkle tree', () => {
  it('R-AUD-2: has the roots of the published RFC 6962 vectors', () => {
    const tree = new MerkleTree()
    const frontier = new TreeFrontier()
    expect(toHex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    for (const [i, leaf] of LEAVES.entries()) {
      tree.append(hashLeaf(Buffer.from(leaf, 'hex')))
      frontier.append(hashLeaf(Buffer.from(leaf, 'hex')))
      expect(toHex(tree.root())).toBe(ROOTS[i])
      expect(toHex(frontier.root())).toBe(ROOTS[i])
    }
    for (const [i, root] of ROOTS.entries()) expect(toHex(tree.root(i + 1))).toBe(root)
  })

  it('R-AUD-2: proves inclusion and consistency for every pair of sizes up to 40, and nothing else', () => {
    const tree = treeOf(40)
    for (let size = 1; size <= 40; size++) {
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(tree.node, index, size)
        const claim = { index, size, leaf: leafOf(index), root: tree.root(size) }
        expect(verifyInclusion(claim, proof)).toBe(true)
        expect(verifyInclusion({ ...claim, leaf: leafOf(99) }, proof)).toBe(false)
        expect(verifyInclusion(claim, [...proof, leafOf(1)])).toBe(false)
      }
      for (let older = 0; older <= size; older++) {
        const proof = consistencyProof(tree.node, older, size)
        const claim = {
          older: { size: older, root: tree.root(older) },
          newer: { size, root: tree.root(size) },
        }
        expect(verifyConsistency(claim, proof)).toBe(true)
        if (older === 0) continue
        expect(verifyConsistency({ ...claim, newer: { size, root: leafOf(7) } }, proof)).toBe(false)
        expect(verifyConsistency({ ...claim, older: { size: older, root: leafOf(7) } }, proof)).toBe(false)
      }
    }
    expect(() => inclusionProof(tree.node, 40, 40)).toThrow(RangeError)
    expect(() => consistencyProof(tree.node, 3, 2)).toThrow(RangeError)
  })
})

describe('tiles', () => {
  it('R-AUD-2: full tiles and the open edge give every node, and a tree restored from them goes on the same', () => {
    const size = 256 * 256 + 300
    const whole = new MerkleTree()
    const tiles = new Map<string, Tile>()
    const tiled = new TiledTree((tile) => tiles.set(`${tile.level}/${tile.index}`, tile))
    for (let i = 0; i < size; i++) {
      whole.append(leafOf(i))
      tiled.append(leafOf(i))
    }
    expect(tiles.size).toBe(257 + 1)
    expect(tiles.get('1/0')?.hashes).toHaveLength(TILE_BYTES)
    const hashAt = (level: number, index: number): Uint8Array => {
      const tile = tiles.get(`${level}/${Math.floor(index / 256)}`)
      return tile ? hashInTile(tile.hashes, index % 256) : whole.node(level * 8, index)
    }
    expect(toHex(tiled.root())).toBe(toHex(whole.root()))
    const node = nodesFromTiles(hashAt)
    expect(toHex(node(11, 3))).toBe(toHex(whole.node(11, 3)))
    for (const from of [0, 1, 255, 256, 257, 65_535, 65_536, 65_700]) {
      const again = new TiledTree((tile) => {
        expect(tile).toEqual(tiles.get(`${tile.level}/${tile.index}`))
      })
      again.restore(from, hashAt)
      expect(toHex(again.root())).toBe(toHex(whole.root(from)))
      for (let i = from; i < Math.min(size, from + 600); i++) again.append(leafOf(i))
      expect(toHex(again.root())).toBe(toHex(whole.root(again.size)))
    }
  })

  it('have the paths of C2SP tlog-tiles', () => {
    expect(tilePath(0, 5)).toBe('tile/0/005')
    expect(tilePath(1, 1_234_067)).toBe('tile/1/x001/x234/067')
  })
})

function leafOf(i: number): Uint8Array {
  return hashLeaf(`leaf ${i}`)
}

function treeOf(size: number): MerkleTree {
  const tree = new MerkleTree()
  for (let i = 0; i < size; i++) tree.append(leafOf(i))
  return tree
}
