import { describe, expect, it } from 'vitest'

import { ledgerOf, publicKey, sourceOf, type SampleLedger } from '../../test/suites/sample-ledger.ts'
import { checkpointLogLine } from './checkpoint-log.ts'
import type { LedgerSource } from './ledger-source.ts'
import { verifyLedger, type VerifyReport } from './verify.ts'

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

function verify(ledger: SampleLedger, outside: readonly (string | undefined)[] = []): Promise<VerifyReport> {
  return verifyLedger(sourceOf(ledger), {
    publicKey,
    outsideCheckpoints: () =>
      outside.map((note, i) => ({ line: i + 1, ...(note !== undefined && { note }) })),
  })
}
