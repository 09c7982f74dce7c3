import { z } from 'zod'
import { duration } from './config-fields.ts'

/** The door for hooks of agents. */
export const hooksSchema = z.strictObject({
  hold: duration('2m')
    .refine((ms) => ms <= 540_000, 'must be 9m at most: no agent waits longer for its hook')
    .meta({ description: 'How long a tool of an agent waits at its hook for an approval.' }),
  fresh: duration('30m')
    .refine((ms) => ms >= 1_000 && ms <= 86_400_000, 'must lie between 1s and 24h')
    .meta({
      description:
        'How long a hook of a task that was heard counts: calls of the task over MCP are `hooked` for so long, and irregular after it.',
    }),
  keep: duration('30d')
    .refine((ms) => ms >= 3_600_000 && ms <= 31_536_000_000, 'must lie between 1h and 365d')
    .meta({ description: 'How long an agent stays in the fleet after it was last seen.' }),
  listed: z.boolean().default(false).meta({
    description:
      'Whether Claude Code is shown `remit_authorize`, the gateway’s own tool. Only its `--permission-prompt-tool` needs that: hooks ask with a tool that is not listed. Other clients are never shown it.',
  }),
  files: z.enum(['shared', 'remote']).optional().meta({
    description:
      'Whether the gateway sees the files that agents work on, and so can follow links. Default: `shared` when `listen.agent` is on loopback, else `remote`.',
  }),
})
