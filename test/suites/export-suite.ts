import { expect, it } from 'vitest'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import { SILENT } from '../../src/core/log.ts'
import type { Store } from '../../src/store/store.ts'
import { CursorBook } from '../../src/streams/export-cursor.ts'
import { LedgerCourier } from '../../src/streams/ledger-courier.ts'
import type { Sink, SinkBatch } from '../../src/streams/sink.ts'
import { AT, decisionRecord } from './sample-records.ts'

/** Longer than a replica keeps a place for itself, in ms. */
const LEASE_OVER = 180_001

/** A place that keeps what it gets; while it hangs, nothing comes back from it. */
export class KeepingSink implements Sink {
  readonly name = 'siem'
  readonly place = 'here'
  readonly got: SinkBatch[] = []
  hangs = false

  async send(batch: SinkBatch): Promise<void> {
    this.got.push(batch)
    if (this.hangs) await new Promise(() => {})
  }

  get spans(): readonly string[] {
    return this.got.map(({ first, end }) => `${first}-${end}`)
  }
}

/** One replica’s courier to the place, as if others followed the ledger too. */
export function courierOf(store: Store, sink: Sink, holder: string, now: () => number): LedgerCourier {
  return new LedgerCourier({
    tenant: DEFAULT_TENANT,
    sink,
    cursor: new CursorBook({
      tenant: DEFAULT_TENANT,
      sink: sink.name,
      entries: store.logins,
      journal: store.journal,
    }),
    records: store.records,
    clock: { now, micros: () => now() * 1_000 },
    log: SILENT,
    holder,
    alone: false,
    filter: {},
    encoding: { format: 'jsonl', content: false, version: '1' },
    from: 'beginning',
    most: 4,
  })
}

export async function growBy(store: Store, count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, at) => decisionRecord({ id: `dec_${at}`, task: 'tsk_1' }))
  await store.journal.commit({ records, changes: [] })
}

/** @returns what a place got from two replicas, of which the first dies at it, and what is to be expected */
export async function takeOver(first: Store, second: Store): Promise<{ told: unknown; expected: unknown }> {
  const sink = new KeepingSink()
  let now = AT
  await growBy(first, 10)
  const [one, two] = [courierOf(first, sink, 'rep_1', () => now), courierOf(second, sink, 'rep_2', () => now)]
  await Promise.all([one.round(), two.round()])
  await growBy(second, 3)
  sink.hangs = true
  void one.round()
  await expect.poll(() => sink.spans.length).toBe(4)
  sink.hangs = false
  const meanwhile = await two.round()
  now += LEASE_OVER
  const taken = await two.round()
  const { lag } = await one.standing()
  return {
    told: { spans: sink.spans, meanwhile, taken, lag, again: sink.got[4] },
    expected: {
      spans: ['0-4', '4-8', '8-10', '10-13', '10-13'],
      meanwhile: 0,
      taken: 3,
      lag: 0,
      again: sink.got[3],
    },
  }
}

/** What every store must do with how far a place has the ledger. */
export function describeExports(current: () => Store, reopen: () => Promise<void>): void {
  it('R-AUD-3: of two replicas one at a time follows the ledger, and the other takes over from a dead one', async () => {
    const { told, expected } = await takeOver(current(), current())
    expect(told).toEqual(expected)
  })

  it('R-AUD-3: how far a place has the ledger outlasts a restart, and of many who move it one does', async () => {
    const sink = new KeepingSink()
    await growBy(current(), 3)
    await courierOf(current(), sink, 'rep_1', () => AT).round()
    await reopen()
    await courierOf(current(), sink, 'rep_2', () => AT).round()
    expect(sink.spans).toEqual(['0-3'])
    const { logins: entries, journal } = current()
    const book = new CursorBook({ tenant: DEFAULT_TENANT, sink: sink.name, entries, journal })
    const from = await book.read()
    if (from === undefined) throw new Error('no cursor')
    const moves = await Promise.all([5, 6, 7].map((next) => book.move(from, { next, until: 0 })))
    const moved = moves.filter((each) => each !== undefined)
    expect(moved).toHaveLength(1)
    expect(await book.read()).toEqual(moved[0])
  })
}
