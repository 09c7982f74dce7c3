import { z } from 'zod'
import { duration } from './config-fields.ts'

/** What the gateway's own authorization server does beside its defaults. */
export const oauthSchema = z.strictObject({
  keyLifetime: duration('90d').meta({
    description:
      'Age at which the key that signs tokens gives way to a new one; `remit keys rotate` does it at once.',
  }),
  keyOverlap: duration('10m').meta({
    description:
      'How long a new key is published before it signs, and the longest that others keep the list of keys.',
  }),
})
