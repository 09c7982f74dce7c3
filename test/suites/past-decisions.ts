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

interface Found {
  readonly id: string
  readonly index: number
  /** What explains it was read with it. */
  readonly explained: boolean
}

const ALL: readonly Found[] = Array.from({ length: 10 }, (_, day) => ({
  id: `dec_${day}`,
  index: day * 2,
  explained: true,
}))

/** What `decisionsSince` finds in ten days: decisions alone, from a time on. */
export const DECISIONS_SINCE: readonly (readonly Found[])[] = [ALL, ALL.slice(7), ALL.slice(7), [], []]

export async function decisionsSince(ledger: LedgerSource): Promise<readonly (readonly Found[])[]> {
  const read = async (tenant: string, since: number): Promise<readonly Found[]> => {
    const found: Found[] = []
    for await (const { index, body, detail } of ledger.decisions?.(tenant, since) ?? []) {
      const { id, kind } = JSON.parse(body) as { readonly id: string; readonly kind: string }
      const { facts } = JSON.parse(detail ?? '{}') as { readonly facts?: unknown }
      if (kind === 'decision') found.push({ id, index, explained: facts !== undefined })
    }
    return found
  }
  return [
    await read('default', -Infinity),
    await read('default', START + 6.5 * DAY),
    await read('default', START + 7 * DAY),
    await read('default', START + 99 * DAY),
    await read('nobody', -Infinity),
  ]
}
