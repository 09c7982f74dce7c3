import { createHmac } from 'node:crypto'
import { RemitError } from '../core/errors.ts'

/** Bytes, of a secret that is worth its name (Standard Webhooks 1.0, signature scheme). */
const SHORTEST = 24

/** Headers of a webhook as Standard Webhooks 1.0 has them. @param seconds since the epoch, of this attempt. */
export function signWebhook(
  message: { readonly id: string; readonly seconds: number; readonly body: string },
  secret: string,
): Readonly<Record<string, string>> {
  const { id, seconds, body } = message
  const signature = createHmac('sha256', webhookKey(secret))
    .update(`${id}.${seconds}.${body}`)
    .digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  }
}

/**
 * `whsec_` and base 64, or the text itself.
 * @throws RemitError `config_invalid` for one of less than 24 bytes.
 */
export function webhookKey(secret: string): Buffer {
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret, 'utf8')
  if (key.length >= SHORTEST) return key
  throw new RemitError('config_invalid', `the secret of a webhook needs at least ${SHORTEST} bytes`)
}
