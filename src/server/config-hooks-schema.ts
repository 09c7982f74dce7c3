import { z } from 'zod'
import { duration } from './config-fields.ts'

/** The door for hooks of agents. */
export const hooksSchema = z.strictObject({
  hold: duration('2m')
    .refine((ms) => ms <= 540_000, 'must be 9m at most: no agent waits longer for its hook')
    .meta({ description: 'How long a tool of an agent waits at its hook for an approval.' }),
  files: z.enum(['shared', 'remote']).optional().meta({
    description:
      'Whether the gateway sees the files that agents work on, and so can follow links. Default: `shared` when `listen.agent` is on loopback, else `remote`.',
  }),
})
