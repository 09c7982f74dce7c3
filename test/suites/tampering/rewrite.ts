import type { KeyObject } from 'node:crypto'
import type { OutsideCheckpoint } from '../../../src/audit/checkpoint-log.ts'
import { checkpointOrigin, signCheckpoint } from '../../../src/audit/checkpoint.ts'
import { hashLeaf, NO_LEAF, toHex } from '../../../src/audit/merkle-hash.ts'
import { TiledTree, type Tile } from '../../../src/audit/tiles.ts'

export interface Rewritten {
  readonly records: readonly { readonly leaf: Uint8Array; readonly body: string }[]
  readonly tiles: readonly Tile[]
  readonly notes: ReadonlyMap<number, string>
}

/**
 * The ledger that somebody would write who changes one record and then makes everything behind it fit: previous leaves,
 * leaves, tiles and signatures.
 * @param sizes that checkpoints are signed for.
 */
export function rewrite(
  bodies: readonly string[],
  change: (body: string, index: number) => string,
  { sizes, key }: { readonly sizes: ReadonlySet<number>; readonly key: KeyObject },
): Rewritten {
  let prev = NO_LEAF
  const changed = bodies.map((old, index) => {
    const body = change(old, index).replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`)
    prev = toHex(hashLeaf(body))
    return body
  })
  return sealed(changed, { sizes, key })
}

/** Leaves, tiles and signatures over bodies as they are. */
function sealed(
  bodies: readonly string[],
  { sizes, key }: { readonly sizes: ReadonlySet<number>; readonly key: KeyObject },
): Rewritten {
  const tiles: Tile[] = []
  const notes = new Map<number, string>()
  const tree = new TiledTree((tile) => tiles.push(tile))
  const records = bodies.map((body) => {
    const leaf = hashLeaf(body)
    tree.append(leaf)
    if (sizes.has(tree.size)) {
      const head = { origin: checkpointOrigin('default'), size: tree.size, root: tree.root() }
      notes.set(tree.size, signCheckpoint(head, key))
    }
    return { leaf, body }
  })
  return { records, tiles, notes }
}

/**
 * The ledger as it would be had one record never reached it: removed where it waited, before anything was made of it. The
 * tree, its signatures and their copies outside all fit; the bodies are as their writer sealed them.
 */
export function neverIntegrated(
  bodies: readonly string[],
  target: number,
  { sizes, key }: { readonly sizes: ReadonlySet<number>; readonly key: KeyObject },
): Rewritten {
  const kept = bodies.filter((_, index) => index !== target)
  return sealed(kept, { sizes: new Set([...sizes].map((size) => Math.min(size, kept.length))), key })
}

/** What somebody writes outside who can write there too. */
export function copiesOf({ notes }: Rewritten): readonly OutsideCheckpoint[] {
  return [...notes.values()].map((note, line) => ({ line: line + 1, note }))
}

/** Another time in a record: what its body says, and nothing beside it. */
export function otherTime(target: number): (body: string, index: number) => string {
  return (body, index) => (index === target ? body.replace(/"at":"\d{4}/, '"at":"1999') : body)
}
