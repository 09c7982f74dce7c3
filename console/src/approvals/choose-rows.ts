import type { InboxRow } from '../../../src/api/console-contract.ts'

/** The row that somebody is at: by what it is, since the list moves; by its place once that one is gone. */
export interface Chosen {
  readonly id?: string
  readonly index: number
}

export function indexOf(chosen: Chosen, pending: readonly InboxRow[]): number {
  const at = chosen.id === undefined ? -1 : pending.findIndex(({ id }) => id === chosen.id)
  return at < 0 ? Math.min(chosen.index, Math.max(0, pending.length - 1)) : at
}

/** Ticks go together only at equal risk; what is grave is decided one by one. @param batch what is ticked and waits. */
export function toggled(
  ticked: ReadonlySet<string>,
  row: InboxRow,
  batch: readonly InboxRow[],
): ReadonlySet<string> {
  const next = new Set(ticked)
  if (next.delete(row.id)) return next
  const fits = batch.every((other) => riskOf(other) === riskOf(row))
  if (row.severity === 'high') return ticked
  return fits ? next.add(row.id) : new Set([row.id])
}

function riskOf({ severity, gates }: InboxRow): string {
  return `${severity} ${gates
    .map(({ scope }) => scope)
    .toSorted()
    .join(' ')}`
}
