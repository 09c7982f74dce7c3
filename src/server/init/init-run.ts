import { z } from 'zod'
import type { Json } from '../../core/json.ts'

const path = z.array(z.union([z.string(), z.number()]))
const json = z.json() as z.ZodType<Json>
const edit = z.union([
  z.strictObject({ change: z.enum(['set', 'append']), at: path, value: json }),
  z.strictObject({ change: z.literal('remove'), at: path }),
])

const keptFile = z.strictObject({
  /** Absolute, and no link. */
  path: z.string(),
  format: z.enum(['json', 'toml', 'yaml', 'script']),
  /** Absent = there was no such file. */
  before: z.string().optional(),
  after: z.string(),
  mode: z.int(),
  /** What was changed, in this order; of JSON and TOML. */
  edits: z.array(edit),
})

/** One run of `remit init`, as it is kept for its undoing. It holds what the files held: secrets, too. */
export const initRun = z.strictObject({
  version: z.literal(1),
  /** ISO 8601 */
  at: z.string(),
  files: z.array(keptFile),
  /** Names of secrets that it put into the gateway’s store. */
  secrets: z.array(z.string()),
  /** Servers that it put into the gateway’s file. */
  servers: z.array(z.string()),
})

export type InitRun = Readonly<z.infer<typeof initRun>>
export type KeptFile = Readonly<z.infer<typeof keptFile>>
export type KeptEdit = Readonly<z.infer<typeof edit>>
