import type { TreeHead } from './checkpoint.ts'
import type { LedgerSource } from './ledger-source.ts'
import { sameBytes } from './merkle-hash.ts'
import { treeAt } from './stored-nodes.ts'
import type { TiledTree, Tile } from './tiles.ts'
import type { RecordChecks } from './verify-record.ts'

/** Records before the first one that is checked in which its writers are looked for. */
const LOOK_BACK = 1000

interface Start {
  readonly source: LedgerSource
  readonly tenant: string
  readonly since: TreeHead
  readonly onTile: (tile: Tile) => void
}

/**
 * The tree of a ledger as a trusted checkpoint signed it, to go on from: that its edge makes the signed root is what
 * proves that everything before is as it was then (RFC 9162 §2.1.4).
 * @returns `tree` undefined = what is stored does not make it.
 */
export async function startSince(
  { source, tenant, since, onTile }: Start,
  records: RecordChecks,
): Promise<{ readonly tree: TiledTree | undefined }> {
  let tree: TiledTree
  try {
    tree = await treeAt(source, tenant, { size: since.size, onTile })
  } catch (error) {
    if (error instanceof RangeError) return { tree: undefined }
    throw error
  }
  for await (const { index, body, leaf, ...rest } of source.records(
    tenant,
    Math.max(0, since.size - LOOK_BACK),
  )) {
    if (index >= since.size) break
    if (body !== undefined && leaf !== undefined) records.learn({ ...rest, index, body, leaf })
  }
  return { tree: sameBytes(tree.root(), since.root) ? tree : undefined }
}
