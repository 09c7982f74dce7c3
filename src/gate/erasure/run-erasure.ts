import type { HoldStore } from '../../audit/hold-store.ts'
import type { StoredRecord } from '../../audit/record-reader.ts'
import type { ErasablePart, LegalHold, RecordRange } from '../../core/erasure.ts'
import { RemitError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { adminRecord } from '../admin-records.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import type { ErasureCount, ErasureWish } from './erasures.ts'
import { type BlankedRows, blankRows } from './rows-of-records.ts'
import { isHeld } from './selection.ts'
import { selectedRecords } from './selected-records.ts'

export type ErasureDeps = Pick<
  AdministrationDeps,
  | 'records'
  | 'tasks'
  | 'approvals'
  | 'grants'
  | 'journal'
  | 'clock'
  | 'entropy'
  | 'settings'
  | 'events'
  | 'log'
> & { readonly holds: HoldStore }

/** An erasure as it is on record: `size` = how many records there were when it was ordered. */
export interface ErasureOrder extends ErasureWish {
  readonly id: string
  /** Human, or `remit:retention`. */
  readonly by: string
  readonly size: number
  /** What a hold keeps is left out; else it ends the erasure. */
  readonly leavesHeld: boolean
}

/** Tries of one page while holds, votes or other erasures come in between. */
const MOST_TRIES = 20

/**
 * Does what an order says, a page of records a unit of work: each takes content, salts and rows together with the record
 * that says so. Again, it takes what is left.
 * @throws RemitError `legal_hold`, and what committing throws: then the rest is still to do.
 */
export async function runErasure(deps: ErasureDeps, order: ErasureOrder): Promise<ErasureCount> {
  const tally = new Tally()
  for await (const page of selectedRecords(deps, order.selection, order.size)) {
    await erasePage(deps, order, { page, tally })
  }
  await deps.journal.commit({
    records: [erasedRecord(deps, order, { done: true, ranges: [], records: 0, rows: NO_ROWS })],
    changes: [{ kind: 'erasure-settled', tenant: deps.settings.tenant }],
  })
  return tally.count
}

/** What the order would take, without taking it. */
export async function countErasure(
  deps: ErasureDeps,
  order: Pick<ErasureOrder, 'selection' | 'parts' | 'size'>,
): Promise<ErasureCount> {
  const tally = new Tally()
  const holds = await deps.holds.list(deps.settings.tenant)
  for await (const page of selectedRecords(deps, order.selection, order.size)) {
    const free = tally.held(holds, page)
    tally.take(withContent(free, order.parts).length, await rowsOf(deps, order, free))
  }
  return tally.count
}

interface Page {
  readonly page: readonly StoredRecord[]
  readonly tally: Tally
}

async function erasePage(deps: ErasureDeps, order: ErasureOrder, { page, tally }: Page): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const holds = await deps.holds.list(deps.settings.tenant)
    const counted = new Tally()
    const free = counted.held(holds, page)
    if (counted.count.held > 0 && !order.leavesHeld) throw heldBack(counted.count.holds)
    const records = withContent(free, order.parts)
    const rows = await rowsOf(deps, order, free)
    counted.take(records.length, rows)
    if (records.length === 0 && rows.changes.length === 0) return tally.add(counted)
    const { tenant } = deps.settings
    const ranges = rangesOf(records)
    const outcome = await deps.journal.commit({
      records: [erasedRecord(deps, order, { done: false, ranges, records: records.length, rows })],
      changes: [
        { kind: 'expect-holds', tenant, ids: holds.map(({ id }) => id) },
        { kind: 'content-erased', tenant, ranges, parts: order.parts },
        ...rows.changes,
      ],
    })
    if (outcome === 'committed') {
      for (const change of rows.changes) {
        if (change.kind === 'approval-erased') deps.events.approvalErased(change.approval)
      }
      return tally.add(counted)
    }
  }
  throw new RemitError('ledger_busy', 'what is to be erased keeps changing; try again in a moment')
}

/** What approvers saw, intents and covers are of the detail: who erases payloads alone leaves them. */
function rowsOf(
  deps: ErasureDeps,
  { parts, selection }: Pick<ErasureOrder, 'parts' | 'selection'>,
  records: readonly StoredRecord[],
): BlankedRows | Promise<BlankedRows> {
  return parts.includes('detail') ? blankRows(deps, selection, records) : NO_ROWS
}

const NO_ROWS: BlankedRows = { changes: [], approvals: [], grants: [], tasks: [], live: [] }

function withContent(
  records: readonly StoredRecord[],
  parts: readonly ErasablePart[],
): readonly StoredRecord[] {
  return records.filter((record) => parts.some((part) => record[part] !== undefined))
}

/** @param records newest first. */
function rangesOf(records: readonly StoredRecord[]): readonly RecordRange[] {
  const ranges: [first: number, last: number][] = []
  for (const { index } of records.toReversed()) {
    const run = ranges.at(-1)
    if (run?.[1] === index - 1) run[1] = index
    else ranges.push([index, index])
  }
  return ranges
}

export function heldBack(holds: readonly string[]): RemitError {
  const names = holds.map((id) => `\`${id}\``).join(', ')
  return new RemitError(
    'legal_hold',
    `the hold ${names} covers some of these records; see \`remit audit hold list\``,
  )
}

function erasedRecord(
  deps: ErasureDeps,
  order: ErasureOrder,
  step: {
    readonly done: boolean
    readonly ranges: readonly RecordRange[]
    readonly records: number
    readonly rows: BlankedRows
  },
) {
  const { done, ranges, records, rows } = step
  const data: JsonObject = {
    done,
    parts: order.parts,
    ranges: ranges.map((range) => [...range]),
    records,
    rows: { approvals: rows.approvals, grants: rows.grants, tasks: rows.tasks },
  }
  return adminRecord(deps.settings, {
    kind: 'ledger.erased',
    id: order.id,
    at: deps.clock.now(),
    actor: order.by,
    data,
  })
}

/** Sums over pages; a row that several pages name counts once. */
class Tally {
  #records = 0
  #held = 0
  readonly #approvals = new Set<string>()
  readonly #grants = new Set<string>()
  readonly #tasks = new Set<string>()
  readonly #holds = new Set<string>()
  readonly #live = new Set<string>()

  get count(): ErasureCount {
    return {
      records: this.#records,
      approvals: this.#approvals.size,
      grants: this.#grants.size,
      tasks: this.#tasks.size,
      held: this.#held,
      holds: [...this.#holds],
      live: [...this.#live],
    }
  }

  /** @returns those that no hold keeps. */
  held(holds: readonly LegalHold[], page: readonly StoredRecord[]): readonly StoredRecord[] {
    return page.filter(({ envelope }) => {
      const keeping = holds.filter((hold) => isHeld(hold, envelope))
      for (const { id } of keeping) this.#holds.add(id)
      if (keeping.length > 0) this.#held += 1
      return keeping.length === 0
    })
  }

  take(records: number, { approvals, grants, tasks, live }: BlankedRows): void {
    this.#records += records
    for (const id of approvals) this.#approvals.add(id)
    for (const id of grants) this.#grants.add(id)
    for (const id of tasks) this.#tasks.add(id)
    for (const id of live) this.#live.add(id)
  }

  add(other: Tally): void {
    const { records, held, holds, ...rows } = other.count
    this.#held += held
    for (const id of holds) this.#holds.add(id)
    this.#records += records
    for (const id of other.#approvals) this.#approvals.add(id)
    for (const id of other.#grants) this.#grants.add(id)
    for (const id of other.#tasks) this.#tasks.add(id)
    for (const id of rows.live) this.#live.add(id)
  }
}
