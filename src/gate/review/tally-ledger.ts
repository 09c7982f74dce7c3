import type { RecordReader } from '../../audit/record-reader.ts'
import type { TenantId } from '../../core/ids.ts'
import { RecordTally } from './tally-records.ts'

const PAGE = 500
const MOST_RECORDS = 2_000_000

/**
 * Adds up the records after an index, newest first, in pages between which calls of agents have their turn.
 * @returns `whole`: false = there were more than are looked at.
 */
export async function tallyLedger(
  records: Pick<RecordReader, 'query'>,
  {
    tenant,
    after,
    looked,
  }: { readonly tenant: TenantId; readonly after: number; readonly looked: (count: number) => void },
): Promise<{ readonly tally: RecordTally; readonly whole: boolean }> {
  const tally = new RecordTally()
  let before: number | undefined
  for (;;) {
    const page = await records.query({
      tenant,
      after,
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    })
    for (const { envelope, detail } of page) tally.add(envelope, detail?.comment)
    before = page.at(-1)?.index
    looked(tally.looked)
    if (page.length < PAGE) return { tally, whole: true }
    if (tally.looked >= MOST_RECORDS) return { tally, whole: false }
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
