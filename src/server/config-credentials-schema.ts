import { z } from 'zod'
import { ENVIRONMENTS } from '../core/identity.ts'

export const headersSchema = z.record(
  z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be a name of a header'),
  z.string(),
)

const entrySchema = z.strictObject({
  when: z
    .strictObject({
      effect: z.enum(['read', 'write']).optional().meta({
        description:
          '`read` = calls all of whose operations only read, lists, and the session itself; `write` = every other call. Default: both.',
      }),
      environment: z
        .array(z.enum(ENVIRONMENTS))
        .min(1)
        .optional()
        .meta({ description: 'Environments of tasks, as policies see them. Default: all.' }),
    })
    .default({})
    .meta({ description: 'Which calls it is for.' }),
  headers: headersSchema.meta({ description: 'Headers as above; `secret:name` stands for a secret.' }),
})

/** What the gateway shows an HTTP server beside `headers`, by call. */
export const credentialsSchema = z.array(entrySchema).min(1)

/** How the gateway gets tokens of humans for an HTTP server. */
export const oauthSchema = z.strictObject({
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope'))
    .min(1)
    .optional()
    .meta({
      description:
        'What is asked for. Default: what the server’s own 401 names, else all that its metadata name, with `offline_access` where the issuer knows it.',
    }),
  clientId: z.string().min(1).optional().meta({
    description:
      'Client that was registered by hand. Default: the gateway’s published document where the issuer reads such, else the gateway registers itself.',
  }),
  clientSecret: z
    .string()
    .regex(/^secret:/, 'must be `secret:name`: the file is no place for a secret')
    .optional()
    .meta({ description: 'Its secret, as `secret:name`.' }),
})

export type CredentialsConfig = z.output<typeof credentialsSchema>
