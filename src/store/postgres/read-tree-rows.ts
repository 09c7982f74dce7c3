import type { PoolClient } from 'pg'
import { TILE_WIDTH } from '../../audit/tiles.ts'
import type { RecordRow } from '../tree-rows.ts'
import { tileKey, type ReadRows, type ReadTile } from './buffered-rows.ts'

/**
 * Everything that `restoreTree` will ask for: the edge of the tree as it was at the sizes that were signed, in the
 * database and outside, and all that came after the first of them.
 */
export async function readTreeRows(
  client: PoolClient,
  of: { readonly tenant: number; readonly size: number; readonly outside: readonly number[] },
): Promise<ReadRows> {
  const { tenant, size } = of
  const { rows } = await client.query<{ size: number; note: string }>(
    'SELECT size, note FROM checkpoint WHERE tenant = $1 ORDER BY size DESC LIMIT 1',
    [tenant],
  )
  const [newest] = rows
  const sizes = [newest?.size ?? 0, ...of.outside].filter((each) => each <= size)
  const records = new Map<number, RecordRow>()
  const tiles = new Map<string, ReadTile>()
  for (const signed of new Set(sizes)) {
    const until = signed === newest?.size || newest === undefined ? size : signed
    await readRecords(client, tenant, { from: Math.max(0, edge(signed) - 1), until, into: records })
    await readTiles(client, tenant, { signed, until, into: tiles })
  }
  return { size, records, tiles, checkpoint: newest?.note }
}

/** Start of the last tile, the full one where a tile has just become full. */
function edge(nodes: number): number {
  return nodes - (nodes % TILE_WIDTH)
}

async function readRecords(
  client: PoolClient,
  tenant: number,
  { from, until, into }: { from: number; until: number; into: Map<number, RecordRow> },
): Promise<void> {
  const { rows } = await client.query<{ index: number; leaf: Buffer; body: string }>(
    'SELECT index, leaf, body FROM record WHERE tenant = $1 AND index >= $2 AND index < $3',
    [tenant, from, until],
  )
  for (const { index, leaf, body } of rows) into.set(index, { index, leaf, body })
}

/** At each level the tiles behind the edge at `signed`, and those that became full since. */
async function readTiles(
  client: PoolClient,
  tenant: number,
  { signed, until, into }: { signed: number; until: number; into: Map<string, ReadTile> },
): Promise<void> {
  for (let level = 0, width = TILE_WIDTH; width <= until; level += 1, width *= TILE_WIDTH) {
    const from = edge(Math.floor(signed / width))
    const { rows } = await client.query<{ number: number } & ReadTile>(
      'SELECT number, hashes, root FROM tile WHERE tenant = $1 AND level = $2 AND number >= $3 AND number < $4',
      [tenant, level, from, Math.floor(until / width)],
    )
    for (const { number, hashes, root } of rows) into.set(tileKey(level, number), { hashes, root })
  }
}
