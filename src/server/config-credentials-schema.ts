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

export type CredentialsConfig = z.output<typeof credentialsSchema>
