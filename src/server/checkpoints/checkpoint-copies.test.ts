import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ledgerOf, privateKey, publicKey, sourceOf } from '../../../test/suites/sample-ledger.ts'
import { startLogWitness } from '../../../test/support/log-witness.ts'
import { startReceiver, WEBHOOK_SECRET } from '../../../test/support/notified-gate.ts'
import { readCheckpointLog } from '../../audit/checkpoint-log.ts'
import { signCheckpoint } from '../../audit/checkpoint.ts'
import { MerkleTree } from '../../audit/merkle-tree.ts'
import { verifyLedger } from '../../audit/verify.ts'
import { SILENT } from '../../core/log.ts'
import { CheckpointCopies } from './checkpoint-copies.ts'
import type { Destination } from './destination.ts'
import { fileCopy } from './file-copy.ts'
import { httpsCopy } from './https-copy.ts'
import { witnessCopy } from './witness-copy.ts'

const folder = mkdtempSync(join(tmpdir(), 'remit-copies-'))
const ledger = ledgerOf(300)
const tree = new MerkleTree()
for (const { leaf } of ledger.rows) tree.append(leaf!)
const FETCHING = { allowPrivate: true, plainLoopback: true }
/** Fake time, in milliseconds. */
let time = Date.parse('2026-01-01T00:00:00Z')
let memory = ''
let size = 100

beforeEach(() => {
  memory = join(mkdtempSync(join(folder, 'case-')), 'copies.json')
  size = 100
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function noteOf(records: number): string {
  return signCheckpoint({ origin: 'remit/t', size: records, root: tree.root(records) }, privateKey)
}

function copiesTo(...destinations: readonly Destination[]): CheckpointCopies {
  const newest = (): Promise<string> => Promise.resolve(noteOf(size))
  return new CheckpointCopies({
    destinations,
    newest,
    interval: 60_000,
    memory,
    now: () => time,
    log: SILENT,
  })
}

describe('copies of checkpoints', () => {
  test('R-AUD-2: go to a file once a minute, and what was delivered is known after a restart', async () => {
    const file = join(folder, 'outside.log')
    const copies = copiesTo(fileCopy(file, () => time))
    await copies.round()
    size = 200
    await copies.round()
    expect(copies.list()).toEqual([{ name: `file ${file}`, size: 100, at: '2026-01-01T00:00:00.000Z' }])
    time += 60_000
    await copiesTo(fileCopy(file, () => time)).round()
    const kept = readCheckpointLog(file)
    expect(kept.map(({ note }) => note?.split('\n')[1])).toEqual(['100', '200'])
    const report = await verifyLedger(sourceOf(ledger), { publicKey, outsideCheckpoints: () => kept })
    expect(report).toMatchObject({ ok: true, cautions: [] })
  })

  test('R-AUD-2: what an endpoint did not take is tried again, later and later, and caught up with the newest', async () => {
    const receiver = await startReceiver()
    receiver.answers.push({ status: 503 }, { status: 500 })
    const place = () => ({ url: receiver.url, secret: WEBHOOK_SECRET })
    const copies = copiesTo(httpsCopy({ name: 'https siem', place, fetching: FETCHING, now: () => time }))
    await copies.round()
    await copies.round()
    expect(receiver.received).toHaveLength(1)
    expect(copies.list()).toEqual([{ name: 'https siem', error: 'it answered 503' }])
    time += 5_000
    await copies.round()
    time += 5_000
    await copies.round()
    expect(receiver.received).toHaveLength(2)
    size = 300
    time += 5_000
    await copies.round()
    expect(copies.list()).toMatchObject([{ name: 'https siem', size: 300 }])
    const told = JSON.parse(receiver.received[2]?.body ?? '') as { data: unknown }
    expect(told.data).toEqual({ origin: 'remit/t', size: 300, note: noteOf(300) })
    expect(receiver.received[2]?.headers['webhook-signature']).toMatch(/^v1,/)
    await receiver.close()
  })

  test('R-AUD-2: a witness cosigns what continues what it saw, from wherever it stands, and no fork', async () => {
    const witness = await startLogWitness()
    const kept: string[] = []
    const destination = witnessCopy({
      name: 'witness w1',
      url: witness.url,
      key: witness.key,
      tenant: 't',
      fetching: FETCHING,
      openLedger: () => Promise.resolve(sourceOf(ledger)),
      keep: (note) => kept.push(note),
    })
    const copies = copiesTo(destination)
    await copies.round()
    size = 300
    time += 60_000
    await copies.round()
    expect(witness.statuses).toEqual([200, 200])
    expect(kept[1]).toMatch(/^remit\/t\n300\n[^\n]+\n\n— remit\/t [^\n]+\n— witness\.example\/w1 [^\n]+\n$/)
    await destination.deliver(noteOf(300), 0)
    expect(witness.statuses.slice(2)).toEqual([409, 200])
    const outside = kept.map((note, i) => ({ line: i + 1, note }))
    expect(
      await verifyLedger(sourceOf(ledger), { publicKey, outsideCheckpoints: () => outside }),
    ).toMatchObject({
      ok: true,
    })
    witness.seen = { size: 200, root: tree.root(199) }
    await expect(destination.deliver(noteOf(300), 200)).rejects.toThrow('it answered 422')
    witness.seen = { size: 301, root: tree.root(300) }
    await expect(destination.deliver(noteOf(300), 300)).rejects.toThrow('has seen 301 records')
    expect(kept).toHaveLength(3)
    await witness.close()
  })

  test('R-AUD-2: a witness whose answer is not of its key has cosigned nothing', async () => {
    const witness = await startLogWitness()
    const other = await startLogWitness()
    const destination = witnessCopy({
      name: 'witness w1',
      url: witness.url,
      key: other.key,
      tenant: 't',
      fetching: FETCHING,
      openLedger: () => Promise.resolve(sourceOf(ledger)),
      keep: () => {
        throw new Error('kept')
      },
    })
    await expect(destination.deliver(noteOf(300), 0)).rejects.toThrow('no cosignature of its key')
    await Promise.all([witness.close(), other.close()])
  })
})
