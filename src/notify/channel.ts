import type { Approval } from '../core/approval.ts'
import type { AlertDelivery, ApprovalDelivery, NoticeEvent } from '../core/delivery.ts'
import type { Label } from '../core/labels.ts'

/** Somewhere that people are told. */
export interface Channel {
  readonly name: string
  readonly events: ReadonlySet<NoticeEvent>
  /** Labels whose content it must not carry. */
  readonly masked: ReadonlySet<Label>
  /** Tells it once. Resolving = it was told; rejecting = it may not have been. */
  tell(delivery: ApprovalDelivery, approval: Approval): Promise<void>
  /** The same of what happened to no request. */
  alert(delivery: AlertDelivery): Promise<void>
}

/** Content that leaves the console on no channel, whatever its configuration. */
export const ALWAYS_MASKED: readonly Label[] = ['secret', 'customer-data', 'private', 'infra-state']

/** What a channel says when it could not be told. */
export class Untold extends Error {
  /** Milliseconds after which it asks to be tried again. */
  readonly retryAfter: number | undefined
  /** It wants to be told of nothing more of this. */
  readonly final: boolean

  constructor(message: string, more: { readonly retryAfter?: number; readonly final?: boolean } = {}) {
    super(message)
    this.retryAfter = more.retryAfter
    this.final = more.final === true
  }
}
