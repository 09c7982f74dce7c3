import type { ApprovalState } from './approval.ts'
import type { ApprovalId, TenantId } from './ids.ts'

/** What happens to a request for consent, as channels tell of it. */
export const NOTICE_EVENTS = [
  'approval.requested',
  'approval.voted',
  'approval.escalated',
  'approval.granted',
  'approval.refused',
  'approval.expired',
  'approval.cancelled',
  'approval.used',
] as const
export type NoticeEvent = (typeof NOTICE_EVENTS)[number]

/** Something that one channel is still to be told, kept until it was or is given up. */
export interface Delivery {
  readonly tenant: TenantId
  /** The same at every attempt: receivers tell by it what they have had. */
  readonly id: string
  /** Name of the channel: `webhook:<name>`. */
  readonly channel: string
  readonly event: NoticeEvent
  readonly approval: ApprovalId
  /** The request as it was then: what is sent is the same at every attempt. */
  readonly state: ApprovalState
  readonly votes: number
  /** Milliseconds since the epoch: when it happened. */
  readonly at: number
  /** When it may be tried next. */
  readonly due: number
  readonly attempts: number
  /** Counts changes, for compare and set: of two that take the same one succeeds. */
  readonly revision: number
}
