import type { StoredRecord } from '../../audit/record-reader.ts'
import type { ErasureSelection } from '../../core/erasure.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { isSelected } from './selection.ts'

/** Records that one unit of work takes: little enough that nobody waits long behind it. */
const PAGE = 200
/** Records stand in the order in which they became durable, which is nearly that of their times. */
const SLACK = 60_000

type Needs = Pick<AdministrationDeps, 'records' | 'settings'>

/** Those of the first `size` records that are selected, newest first, in pages; other work gets its turn between two. */
export async function* selectedRecords(
  deps: Needs,
  selection: ErasureSelection,
  size: number,
): AsyncGenerator<readonly StoredRecord[]> {
  const { tenant } = deps.settings
  const [first, last] = selection.records ?? [0, size - 1]
  let before = Math.min(size, last + 1)
  if (selection.before !== undefined)
    before = Math.min(before, await sizeAt(deps, size, selection.before + SLACK))
  while (before > first) {
    const page = await deps.records.query({ tenant, after: first - 1, before, limit: PAGE })
    const selected = page.filter(({ index, envelope }) => isSelected(selection, index, envelope))
    if (selected.length > 0) yield selected
    if (page.length < PAGE) return
    before = page.at(-1)?.index ?? first
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

/** How many records there were at a time, found by halving. */
async function sizeAt({ records, settings }: Needs, size: number, time: number): Promise<number> {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [record] = await records.query({ tenant: settings.tenant, before: middle + 1, limit: 1 })
    if (record !== undefined && Date.parse(record.envelope.at) < time) low = middle + 1
    else high = middle
  }
  return low
}
