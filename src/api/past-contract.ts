import { z } from 'zod'

export type { PastAnswer } from '../gate/replay/past-control.ts'

const name = z.string().min(1).max(200)
/** Milliseconds since the epoch. */
const since = z.int().min(0)
const MOST_FILES = 200

const file = z.strictObject({
  name: z
    .string()
    .max(120)
    .regex(
      /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*\.cedar|links\.(?:yaml|json))$/,
      'must be the name of a `.cedar` file, or `links.yaml` or `links.json`',
    ),
  text: z.string(),
})

/** `POST /policies/replay` */
export const replayBody = z.strictObject({
  files: z
    .array(file)
    .min(1)
    .max(MOST_FILES)
    .refine(
      (files) => new Set(files.map((each) => each.name)).size === files.length,
      'must have different names',
    ),
  against: z.enum(['record', 'current']).default('record'),
  since: since.optional(),
  task: name.optional(),
  human: name.optional(),
  tool: name.optional(),
  workflow: name.optional(),
})

/** `POST /policies/propose` */
export const proposeBody = z.strictObject({
  workflow: name,
  since: since.optional(),
  human: name.optional(),
  tool: name.optional(),
  support: z.int().min(2).max(1_000).default(3),
})
