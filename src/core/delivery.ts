import type { ApprovalState } from './approval.ts'
import type { ApprovalId, TenantId } from './ids.ts'
import type { JsonObject } from './json.ts'

/** What happens to a request for consent, as channels tell of it. */
const APPROVAL_EVENTS = [
  'approval.requested',
  'approval.voted',
  'approval.escalated',
  'approval.granted',
  'approval.refused',
  'approval.expired',
  'approval.cancelled',
  'approval.used',
] as const
export type ApprovalEvent = (typeof APPROVAL_EVENTS)[number]

/** Records that people are told of as they are written: nobody has to answer, somebody has to know. */
export const ALERT_EVENTS = ['review.overdue', 'task.flagged', 'agent.irregular'] as const
export type AlertEvent = (typeof ALERT_EVENTS)[number]

export const NOTICE_EVENTS = [...APPROVAL_EVENTS, ...ALERT_EVENTS] as const
export type NoticeEvent = ApprovalEvent | AlertEvent

/** Something that one channel is still to be told, kept until it was or is given up. */
export type Delivery = ApprovalDelivery | AlertDelivery

export interface ApprovalDelivery extends Addressed {
  readonly event: ApprovalEvent
  readonly approval: ApprovalId
  /** The request as it was then: what is sent is the same at every attempt. */
  readonly state: ApprovalState
  readonly votes: number
}

export interface AlertDelivery extends Addressed {
  readonly event: AlertEvent
  /** What the record says in its envelope, which holds nothing that is masked. */
  readonly alert: Alert
}

export interface Alert {
  /** Id of the record, and of what it is about. */
  readonly id: string
  readonly human: string | null
  readonly workflow: string | null
  readonly data: JsonObject
}

interface Addressed {
  readonly tenant: TenantId
  /** The same at every attempt: receivers tell by it what they have had. */
  readonly id: string
  /** Name of the channel: `webhook:<name>`. */
  readonly channel: string
  /** Milliseconds since the epoch: when it happened. */
  readonly at: number
  /** When it may be tried next. */
  readonly due: number
  readonly attempts: number
  /** Counts changes, for compare and set: of two that take the same one succeeds. */
  readonly revision: number
}

export function isAlert(delivery: Delivery): delivery is AlertDelivery {
  return 'alert' in delivery
}
