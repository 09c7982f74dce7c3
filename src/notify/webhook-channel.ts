import type { Delivery, NoticeEvent } from '../core/delivery.ts'
import type { Label } from '../core/labels.ts'
import { guardedFetch, type GuardedFetchOptions } from '../net/guarded-fetch.ts'
import { alertNotice, type AlertNotice } from './alert-notice.ts'
import { Untold, type Channel } from './channel.ts'
import { type Notice, noticeOf } from './notice.ts'
import { retryAfter } from './retry-after.ts'
import { signWebhook } from './sign-webhook.ts'

export interface WebhookSettings {
  readonly name: string
  readonly events: ReadonlySet<NoticeEvent>
  readonly masked: ReadonlySet<Label>
  readonly adminUrl: string
  /** Asked at each attempt: what is rotated counts at once. @throws RemitError `config_invalid`. */
  readonly place: () => { readonly url: string; readonly secret: string }
  readonly fetching: GuardedFetchOptions
  readonly now: () => number
}

/** An endpoint that is told by signed POST (Standard Webhooks 1.0). What it answers is not read. */
export function webhookChannel(settings: WebhookSettings): Channel {
  const { name, events, masked } = settings
  return {
    name,
    events,
    masked,
    tell: (delivery, approval) => post(settings, delivery, noticeOf(delivery, approval, settings)),
    alert: (delivery) => post(settings, delivery, alertNotice(delivery, settings.adminUrl)),
  }
}

async function post(
  settings: WebhookSettings,
  delivery: Delivery,
  notice: Notice | AlertNotice,
): Promise<void> {
  const { url, secret } = settings.place()
  const { type, at, ...data } = notice
  const body = JSON.stringify({ type, timestamp: at, data })
  const signed = signWebhook({ id: delivery.id, seconds: Math.floor(settings.now() / 1_000), body }, secret)
  const answer = await guardedFetch(
    url,
    {
      method: 'POST',
      body,
      headers: {
        ...signed,
        'content-type': 'application/json',
        'idempotency-key': delivery.id,
        'user-agent': 'remit-webhooks',
      },
    },
    settings.fetching,
  )
  if (answer.ok) return
  // Gone: the receiver wants no more of it (Standard Webhooks 1.0, consuming).
  throw new Untold(`it answered ${answer.status}`, {
    ...retryAfter(answer),
    final: answer.status === 410,
  })
}
