import { generateKeyPairSync } from 'node:crypto'
import { checkpointOrigin, signCheckpoint } from '../../src/audit/checkpoint.ts'
import type { LedgerRow, LedgerSource } from '../../src/audit/ledger-source.ts'
import { hashLeaf, NO_LEAF, toHex } from '../../src/audit/merkle-hash.ts'
import { MerkleTree } from '../../src/audit/merkle-tree.ts'
import { recordBody } from '../../src/audit/serialise-record.ts'
import { TiledTree, type Tile } from '../../src/audit/tiles.ts'

export const { privateKey, publicKey } = generateKeyPairSync('ed25519')

/** One tenant's ledger in memory, with one checkpoint at its end. */
export interface SampleLedger {
  readonly rows: LedgerRow[]
  readonly tiles: Tile[]
  readonly size: number
  readonly note: string
}

export function ledgerOf(size: number, name = 'dec'): SampleLedger {
  const tree = new MerkleTree()
  const tiles: Tile[] = []
  const tiled = new TiledTree((tile) => tiles.push(tile))
  const rows: LedgerRow[] = []
  let prev = NO_LEAF
  for (let index = 0; index < size; index++) {
    const record = { tenant: 't', head: `{"id":"${name}_${index}"`, tail: ',"tenant":"t","v":1' }
    const body = recordBody(record, {}, { id: 'wrt_1', prev, seq: index })
    const leaf = hashLeaf(body)
    prev = toHex(leaf)
    tree.append(leaf)
    tiled.append(leaf)
    rows.push({ index, leaf, body: Buffer.from(body) })
  }
  const note = signCheckpoint({ origin: checkpointOrigin('t'), size, root: tree.root() }, privateKey)
  return { rows, tiles, size, note }
}

export function sourceOf({ rows, tiles, size, note }: SampleLedger): LedgerSource {
  return {
    tenants: () => ['t'],
    records: (_tenant, from = 0) => rows.filter(({ index }) => index >= from),
    checkpoints: () => [{ size, note }],
    tiles: () => ({
      get: (key) => tiles.find(({ level, index }) => level === key.level && index === key.index)?.hashes,
      keys: () => tiles,
    }),
    damage: () => [],
    close: () => {},
  }
}
