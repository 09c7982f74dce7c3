import type { Journal } from '../audit/journal.ts'
import type { Approval } from '../core/approval.ts'
import type { Change } from '../core/change.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import {
  ALERT_EVENTS,
  type Alert,
  type AlertDelivery,
  type ApprovalDelivery,
  type ApprovalEvent,
} from '../core/delivery.ts'
import { newId, type TenantId } from '../core/ids.ts'
import type { NewRecord } from '../core/record.ts'
import type { Channel } from './channel.ts'

/**
 * Whatever changes a request for consent, or puts on record what people have to know, also writes, in the same unit of
 * work, who is to be told of it: a crash loses neither without the other.
 */
export function notifyingJournal(
  journal: Journal,
  channels: readonly Pick<Channel, 'name' | 'events'>[],
  { clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy },
): Journal {
  if (channels.length === 0) return journal
  return {
    commit({ records, changes }, urgency) {
      const happened = [...changes.flatMap(happenings), ...records.flatMap(alerts)]
      const told = happened.flatMap((happening) =>
        channels
          .filter(({ events }) => events.has(happening.event))
          .map(({ name }): Change => {
            const at = clock.now()
            const id = newId('dlv', entropy.bytes(16))
            const addressed = { id, channel: name, at, due: at, attempts: 0, revision: 1 }
            return { kind: 'put-delivery', delivery: { ...happening, ...addressed } }
          }),
      )
      return journal.commit(
        { records, changes: told.length === 0 ? changes : [...changes, ...told] },
        urgency,
      )
    },
  }
}

type Happening = Pick<ApprovalDelivery, 'tenant' | 'event' | 'approval' | 'state' | 'votes'>

function happenings(change: Change): readonly Happening[] {
  if (change.kind === 'insert-approval') return [happening('approval.requested', change.approval)]
  if (change.kind !== 'update-approval') return []
  const { approval, from } = change
  if (approval.state !== from.state && approval.state !== 'pending') {
    return [happening(`approval.${approval.state}`, approval)]
  }
  if (approval.votes.length > from.votes) return [happening('approval.voted', approval)]
  return approval.escalated === undefined ? [] : [happening('approval.escalated', approval)]
}

function happening(event: ApprovalEvent, { tenant, id, state, votes }: Approval): Happening {
  return { tenant, event, approval: id, state, votes: votes.length }
}

/** Of the envelope alone: details are erasable, and may hold what no channel carries. */
function alerts({ envelope }: NewRecord): readonly Pick<AlertDelivery, 'tenant' | 'event' | 'alert'>[] {
  const { kind, id, tenant, identity, data = {} } = envelope
  const event = ALERT_EVENTS.find((each) => each === kind)
  if (event === undefined) return []
  const alert: Alert = { id, human: identity?.human ?? null, workflow: identity?.workflow ?? null, data }
  return [{ tenant: tenant as TenantId, event, alert }]
}
