import { z } from 'zod'
import { duration, hostName, word } from './config-fields.ts'

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
  privateDocuments: z.array(hostName).default([]).meta({
    description:
      'Hosts, with their port unless it is 443, whose client documents may lie at private addresses. Default: public ones only.',
  }),
  introspection: z
    .record(
      word,
      z.strictObject({
        secret: z
          .string()
          .regex(/^secret:/, 'must be `secret:name`: the file is no place for a secret')
          .meta({ description: 'What it shows, as `secret:name`; at least 32 characters.' }),
      }),
    )
    .default({})
    .meta({
      description:
        'Resource servers that may ask whether a token is good (RFC 7662), by client id. Default: nobody.',
    }),
})
