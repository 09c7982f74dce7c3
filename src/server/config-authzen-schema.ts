import { z } from 'zod'
import { duration } from './config-fields.ts'
import { toolSchema } from './config-server-schema.ts'

/** The door for applications that ask by AuthZEN. */
export const authzenSchema = z.strictObject({
  tools: z
    .record(z.string().min(1).max(256), toolSchema.omit({ idempotent: true }))
    .default({})
    .meta({
      description:
        'What the actions of applications do, by `action.name`, or by the id of the `Tool` of a `tool.call`. One that nothing describes is not understood.',
    }),
  hold: duration('2m')
    .refine((ms) => ms <= 600_000, 'must be 10m at most')
    .meta({
      description: 'Longest that an evaluation with `Prefer: wait=<seconds>` waits for an approval.',
    }),
  files: z.enum(['shared', 'remote']).optional().meta({
    description:
      'Whether the gateway sees the files that applications work on, and so can follow links. Default: `shared` when `listen.agent` is on loopback, else `remote`.',
  }),
})
