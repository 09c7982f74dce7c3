import type { Journal } from '../audit/journal.ts'
import type { Approval } from '../core/approval.ts'
import type { Change } from '../core/change.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import type { NoticeEvent } from '../core/delivery.ts'
import { newId } from '../core/ids.ts'
import type { Channel } from './channel.ts'

/**
 * Whatever changes a request for consent also writes, in the same unit of work, who is to be told of it: a crash loses
 * neither without the other.
 */
export function notifyingJournal(
  journal: Journal,
  channels: readonly Pick<Channel, 'name' | 'events'>[],
  { clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy },
): Journal {
  if (channels.length === 0) return journal
  return {
    commit({ records, changes }, urgency) {
      const happened = changes.flatMap(happenings)
      const told = happened.flatMap(({ event, approval }) =>
        channels
          .filter(({ events }) => events.has(event))
          .map(({ name }): Change => {
            const { tenant, id, state, votes } = approval
            const at = clock.now()
            const delivery = {
              tenant,
              id: newId('dlv', entropy.bytes(16)),
              channel: name,
              event,
              approval: id,
              state,
              votes: votes.length,
              at,
              due: at,
              attempts: 0,
              revision: 1,
            }
            return { kind: 'put-delivery', delivery }
          }),
      )
      return journal.commit(
        { records, changes: told.length === 0 ? changes : [...changes, ...told] },
        urgency,
      )
    },
  }
}

interface Happening {
  readonly event: NoticeEvent
  readonly approval: Approval
}

function happenings(change: Change): readonly Happening[] {
  if (change.kind === 'insert-approval') return [{ event: 'approval.requested', approval: change.approval }]
  if (change.kind !== 'update-approval') return []
  const { approval, from } = change
  if (approval.state !== from.state && approval.state !== 'pending') {
    return [{ event: `approval.${approval.state}`, approval }]
  }
  if (approval.votes.length > from.votes) return [{ event: 'approval.voted', approval }]
  return approval.escalated === undefined ? [] : [{ event: 'approval.escalated', approval }]
}
