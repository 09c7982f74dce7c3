import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import { checkpointLogLine } from './checkpoint-log.ts'
import { checkpointOrigin, signCheckpoint } from './checkpoint.ts'
import type { LedgerRow, LedgerSource } from './ledger-source.ts'
import { hashLeaf, NO_LEAF, toHex } from './merkle-hash.ts'
import { MerkleTree } from './merkle-tree.ts'
import { recordBody } from './serialise-record.ts'
import { TiledTree, type Tile } from './tiles.ts'
import { verifyLedger, type VerifyReport } from './verify.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')

describe('verifying a ledger', () => {
  it('R-AUD-2: finds and locates a changed hash in a tile of tiles', async () => {
    const ledger = ledgerOf(256 * 256 + 5)
    const upper = ledger.tiles.find(({ level }) => level === 1)
    expect(await verify(ledger)).toMatchObject({ ok: true, findings: [] })
    upper!.hashes[70 * 32]! ^= 1
    const { findings } = await verify(ledger)
    expect(findings).toMatchObject([{ kind: 'tile', index: 70 * 256 }])
  })

  it('R-AUD-2: finds a fork: two trees of one size, both signed', async () => {
    const ours = ledgerOf(20)
    const theirs = ledgerOf(20, 'other')
    const { findings } = await verify(ours, [theirs.note])
    expect(findings).toMatchObject([{ kind: 'outside', index: 20 }])
    expect(await verify(ours, [ours.note])).toMatchObject({ ok: true, cautions: [] })
  })

  it('R-AUD-2: says so when the copy outside cannot be read', async () => {
    const ledger = ledgerOf(3)
    const { findings } = await verify(ledger, [ledger.note, undefined])
    expect(findings).toMatchObject([{ kind: 'outside', text: expect.stringContaining('line 2') }])
    expect(JSON.parse(checkpointLogLine(ledger.note, 'now'))).toEqual({ at: 'now', note: ledger.note })
  })

  it('R-AUD-2: a record far beyond the others costs no time to find', async () => {
    const ledger = ledgerOf(3)
    const last = { ...ledger.rows.at(-1)!, index: 2 ** 39 }
    const { findings } = await verify({ ...ledger, rows: [...ledger.rows, last] })
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'missing', index: 3 }))
  })

  it('R-AUD-2: a source that fails half way is a finding', async () => {
    const ledger = ledgerOf(3)
    const source: LedgerSource = {
      ...sourceOf(ledger),
      *records() {
        yield ledger.rows[0]!
        yield ledger.rows[1]!
        throw new Error('disk I/O error')
      },
    }
    const { findings } = await verifyLedger(source, { publicKey })
    expect(findings).toMatchObject([{ kind: 'unreadable', index: 1 }])
  })
})

interface Ledger {
  readonly rows: LedgerRow[]
  readonly tiles: Tile[]
  readonly size: number
  readonly note: string
}

function ledgerOf(size: number, name = 'dec'): Ledger {
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

function sourceOf({ rows, tiles, size, note }: Ledger): LedgerSource {
  return {
    tenants: () => ['t'],
    records: () => rows,
    checkpoints: () => [{ size, note }],
    tiles: () => ({
      get: (key) => tiles.find(({ level, index }) => level === key.level && index === key.index)?.hashes,
      keys: () => tiles,
    }),
    damage: () => [],
    close: () => {},
  }
}

function verify(ledger: Ledger, outside: readonly (string | undefined)[] = []): Promise<VerifyReport> {
  return verifyLedger(sourceOf(ledger), {
    publicKey,
    outsideCheckpoints: () =>
      outside.map((note, i) => ({ line: i + 1, ...(note !== undefined && { note }) })),
  })
}
