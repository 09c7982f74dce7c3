import { expect } from 'vitest'
import type { LedgerSource } from '../../src/audit/ledger-source.ts'
import type { Journal } from '../../src/audit/journal.ts'
import { decisionRecord, outcomeRecord } from './sample-records.ts'

const DAY = 86_400_000
const START = Date.UTC(2026, 0, 1)

/** A decision and its outcome for each of ten days. */
export async function fillTenDays(journal: Journal): Promise<void> {
  for (let day = 0; day < 10; day += 1) {
    const at = new Date(START + day * DAY).toISOString()
    const named = { id: `dec_${day}`, task: 'tsk_1' }
    const records = [decisionRecord(named), outcomeRecord(named)]
    await journal.commit({
      records: records.map((record) => ({ ...record, envelope: { ...record.envelope, at } })),
      changes: [],
    })
  }
}

/** Decisions alone are read, with what explains them, from a time on; all of them where no time is given. */
export async function expectDecisionsSince(ledger: LedgerSource): Promise<void> {
  const read = async (tenant: string, since: number) => {
    const found: { readonly id: string; readonly index: number; readonly explained: boolean }[] = []
    for await (const { index, body, detail } of ledger.decisions?.(tenant, since) ?? []) {
      const { id, kind } = JSON.parse(body) as { readonly id: string; readonly kind: string }
      const facts = (JSON.parse(detail ?? '{}') as { readonly facts?: unknown }).facts
      if (kind === 'decision') found.push({ id, index, explained: facts !== undefined })
    }
    return found
  }
  const all = Array.from({ length: 10 }, (_, day) => ({ id: `dec_${day}`, index: day * 2, explained: true }))
  expect(await read('default', -Infinity)).toEqual(all)
  expect(await read('default', START + 6.5 * DAY)).toEqual(all.slice(7))
  expect(await read('default', START + 7 * DAY)).toEqual(all.slice(7))
  expect(await read('default', START + 99 * DAY)).toEqual([])
  expect(await read('nobody', -Infinity)).toEqual([])
}
