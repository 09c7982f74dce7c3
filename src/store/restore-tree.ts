import { createPublicKey, type KeyObject } from 'node:crypto'

import type { OutsideCheckpoint } from '../audit/checkpoint-log.ts'
import { checkpointOrigin, verifyCheckpoint, type TreeHead } from '../audit/checkpoint.ts'
import { hashLeaf, sameBytes } from '../audit/merkle-hash.ts'
import { TiledTree, tileRoot, TILE_WIDTH, type Tile } from '../audit/tiles.ts'
import { RemitError } from '../core/errors.ts'
import type { KeyHandover } from './key-handover.ts'
import type { RecordRow, TreeRows } from './tree-rows.ts'

export interface RestoreOptions {
  readonly tenant: string
  readonly rows: TreeRows
  readonly signingKey: KeyObject
  /** Present while its key is changed. */
  readonly handover?: KeyHandover | undefined
  /** The copy that lies outside the database, oldest first. */
  readonly outside: readonly OutsideCheckpoint[]
  /** Where the tree, once restored, puts tiles as they become full. */
  readonly onTile: (tile: Tile) => void
}

export interface RestoredTree {
  readonly tree: TiledTree
  /** The last record, if there is one. */
  readonly last: RecordRow | undefined
  readonly signedSize: number
}

/**
 * Rebuilds the right edge of a tenant's tree from its tiles and the records behind them, and compares it with
 * the newest checkpoint, in the database and outside. What came after that checkpoint is hashed again, so a
 * crash at any moment needs no help; a full check of everything is `verifyLedger`.
 * @throws RemitError `ledger_broken` naming the index from which on the ledger is not what was signed.
 */
export function restoreTree(options: RestoreOptions): RestoredTree {
  const { rows, tenant } = options
  const size = rows.size()
  const note = rows.checkpoint()
  const head = note === undefined ? undefined : readHead(options, note, 'in the database')
  const signedSize = head?.size ?? 0
  if (signedSize > size) throw truncated(tenant, size, signedSize)

  let restored = false
  const onTile = (tile: Tile): void => {
    if (restored) options.onTile(tile)
    else checkTile(options, tile)
  }
  const tree = head === undefined ? new TiledTree(onTile) : treeOf(options, head, onTile)
  if (tree === undefined) {
    throw broken(tenant, `a record before ${signedSize} is not what the checkpoint of ${signedSize} signed`)
  }
  let last = signedSize === 0 ? undefined : rows.record(signedSize - 1)
  for (let index = signedSize; index < size; index++) {
    last = readRecord(options, index)
    tree.append(last.leaf)
  }
  restored = true
  checkOutside(options, tree, note)
  return { tree, last, signedSize }
}

function readHead(options: RestoreOptions, note: string, place: string): TreeHead {
  const accept = options.handover?.accept
  const own = createPublicKey(options.signingKey)
  const check = verifyCheckpoint(note, accept === undefined ? own : [own, accept])
  if (!check.ok || check.head.origin !== checkpointOrigin(options.tenant)) {
    const why = check.ok ? 'foreign-origin' : check.reason
    throw broken(
      options.tenant,
      `the newest checkpoint ${place} is not signed by this gateway’s key (${why})`,
    )
  }
  return check.head
}

/**
 * The tree of a signed size. Roots that were stored with tiles save hashing every tile at its edge; they are believed only where
 * they make what was signed.
 * @returns undefined = what is stored is not what was signed.
 */
function treeOf(
  options: RestoreOptions,
  { size, root }: TreeHead,
  onTile: (tile: Tile) => void,
): TiledTree | undefined {
  for (const roots of ['stored', 'hashed'] as const) {
    const tree = new TiledTree(onTile)
    tree.restore(size, storedHashes(options, roots))
    if (sameBytes(tree.root(), root)) return tree
  }
  return undefined
}

function readRecord(options: RestoreOptions, index: number): RecordRow {
  const row = options.rows.record(index)
  if (row === undefined) throw broken(options.tenant, `record ${index} is missing`)
  if (!sameBytes(hashLeaf(row.body), row.leaf)) {
    throw broken(options.tenant, `record ${index}: body does not match its leaf`)
  }
  return row
}

function storedHashes(
  options: RestoreOptions,
  roots: 'stored' | 'hashed',
): (level: number, index: number) => Uint8Array {
  return (level, index) => {
    if (level === 0) return readRecord(options, index).leaf
    const stored = roots === 'stored' ? options.rows.tileRoot(level - 1, index) : undefined
    if (stored !== undefined) return stored
    const tile = options.rows.tile(level - 1, index)
    if (tile === undefined) {
      const from = index * TILE_WIDTH ** level
      throw broken(
        options.tenant,
        `tile ${level - 1}/${index}, which covers records from ${from}, is missing`,
      )
    }
    return tileRoot(tile)
  }
}

function checkTile(options: RestoreOptions, tile: Tile): void {
  const stored = options.rows.tile(tile.level, tile.index)
  if (stored !== undefined && sameBytes(stored, tile.hashes)) return
  const from = tile.index * TILE_WIDTH ** (tile.level + 1)
  throw broken(
    options.tenant,
    `tile ${tile.level}/${tile.index}, which covers records from ${from}, is not theirs`,
  )
}

/** @param checked the checkpoint that the tree was compared with already, which as a rule is the newest outside too. */
function checkOutside(options: RestoreOptions, tree: TiledTree, checked: string | undefined): void {
  const note = options.outside.findLast((entry) => entry.note !== undefined)?.note
  if (note === undefined || note === checked) return
  const { size } = tree
  const head = readHead(options, note, 'outside the database')
  if (head.size > size) throw truncated(options.tenant, size, head.size)
  const same =
    head.size === size ? sameBytes(tree.root(), head.root) : treeOf(options, head, () => {}) !== undefined
  if (same) return
  throw broken(
    options.tenant,
    `a record before ${head.size} is not what the checkpoint of ${head.size} outside the database signed`,
  )
}

function truncated(tenant: string, size: number, signed: number): RemitError {
  return broken(tenant, `records from ${size} on are missing, a checkpoint of ${signed} was signed`)
}

function broken(tenant: string, what: string): RemitError {
  return new RemitError(
    'ledger_broken',
    `the ledger of \`${tenant}\` is broken: ${what}; run \`remit audit verify\` and restore a backup`,
  )
}
