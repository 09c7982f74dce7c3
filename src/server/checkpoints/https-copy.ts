import { createHash } from 'node:crypto'
import { headOf } from '../../audit/proof-text.ts'
import { guardedFetch, type GuardedFetchOptions } from '../../net/guarded-fetch.ts'
import { signWebhook } from '../../notify/sign-webhook.ts'
import type { Destination } from './destination.ts'

export interface HttpsCopySettings {
  readonly name: string
  /** Asked each time: what is rotated counts at once. @throws RemitError `config_invalid`. */
  readonly place: () => { readonly url: string; readonly secret: string }
  readonly fetching: GuardedFetchOptions
  readonly now: () => number
}

/** An endpoint that is told of checkpoints by signed POST (Standard Webhooks 1.0). What it answers is not read. */
export function httpsCopy({ name, place, fetching, now }: HttpsCopySettings): Destination {
  return {
    name,
    deliver: async (note) => {
      const { url, secret } = place()
      const { origin, size } = headOf(note)
      // The same for the same checkpoint, so that a receiver can leave out what it has.
      const id = `chk_${createHash('sha256').update(note).digest('hex').slice(0, 32)}`
      const timestamp = new Date(now()).toISOString()
      const body = JSON.stringify({ type: 'ledger.checkpoint', timestamp, data: { origin, size, note } })
      const signed = signWebhook({ id, seconds: Math.floor(now() / 1_000), body }, secret)
      const headers = {
        ...signed,
        'content-type': 'application/json',
        'idempotency-key': id,
        'user-agent': 'remit-webhooks',
      }
      const answer = await guardedFetch(url, { method: 'POST', body, headers }, fetching)
      if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    },
  }
}
