import type { ActivityRow } from '../../../src/api/console-contract.ts'
import { sessionSteps } from '../../../src/core/session/session-steps.ts'
import { halvesOf } from '../../../src/core/session/step-halves.ts'

/** One line of a timeline, or the lines of what a hook and the gateway heard of one use of a tool. */
export interface RecordEntry {
  /** The agent’s own id of the use; absent = it is one record. */
  readonly use?: string
  /** Newest first. */
  readonly rows: readonly [ActivityRow, ...ActivityRow[]]
}

/** @param rows newest first. @returns newest first; halves of one use stand where the newest of them does. */
export function recordEntries(rows: readonly ActivityRow[]): readonly RecordEntry[] {
  const useOf = new Map<ActivityRow, RecordEntry>()
  for (const step of sessionSteps(rows.toReversed(), '')) {
    const use = step.records.find(({ envelope }) => envelope.correlation?.toolUse !== undefined)
    if (use === undefined || halvesOf(step).length < 2) continue
    const [newest, ...others] = step.records.toReversed()
    if (newest === undefined) continue
    const entry = { use: use.envelope.correlation?.toolUse ?? '', rows: [newest, ...others] as const }
    for (const row of step.records) useOf.set(row, entry)
  }
  return rows.flatMap((row): readonly RecordEntry[] => {
    const entry = useOf.get(row)
    if (entry === undefined) return [{ rows: [row] }]
    return entry.rows[0] === row ? [entry] : []
  })
}
