import { newId, type TaskId } from '../../core/ids.ts'
import { adminRecord } from '../admin-records.ts'
import type { ReviewDesk, ReviewDeps } from './review-desk.ts'

/** Under what it is counted whether of a due time was told. */
const COUNTED = 'review' as TaskId

/**
 * Puts on record, and so in the outbox, that the review is overdue: once for each time that it was due, by one of many
 * replicas.
 * @returns whether this one told.
 */
export async function tellOverdue(
  deps: Pick<ReviewDeps, 'settings' | 'clock' | 'entropy' | 'journal' | 'records'>,
  desk: Pick<ReviewDesk, 'state'>,
): Promise<boolean> {
  const { due, overdue, owner } = await desk.state()
  const { tenant } = deps.settings
  if (!overdue) return false
  const [told] = await deps.records.query({ tenant, kind: 'review.overdue', limit: 1 })
  if (told?.envelope.data?.['due'] === due) return false
  const record = adminRecord(deps.settings, {
    kind: 'review.overdue',
    id: newId('rvw', deps.entropy.bytes(16)),
    at: deps.clock.now(),
    data: { due, owner: owner ?? null },
  })
  const outcome = await deps.journal.commit({
    records: [record],
    changes: [{ kind: 'add-tally', tenant, root: COUNTED, what: `overdue ${due}`, mark: 0, most: 1 }],
  })
  return outcome === 'committed'
}
