import { z } from 'zod'
import { ERASABLE_PARTS, type LegalHold } from '../core/erasure.ts'
import type { ErasureCount } from '../gate/erasure/erasures.ts'

/** What the admin plane hears and says of erasures and legal holds; `contract.ts` has the rest. */

const name = z.string().min(1).max(128)
/** Milliseconds since the epoch. */
const time = z.int().min(0)

const text = z.string().min(1).max(2_000)
const index = z.int().min(0)
const parts = z.array(z.enum(ERASABLE_PARTS)).min(1)

/** `GET /erasures/count`: the same as `POST /erasures`, as texts; `records` like `100-199`, `parts` apart by commas. */
export const countErasureQuery = z.strictObject({
  records: z
    .string()
    .regex(/^\d{1,15}-\d{1,15}$/)
    .optional(),
  task: name.optional(),
  human: name.optional(),
  before: z.coerce.number().int().min(0).optional(),
  parts: z
    .string()
    .transform((list) => list.split(','))
    .pipe(parts)
    .default([...ERASABLE_PARTS]),
})

/** `POST /erasures` */
export const erasureBody = z.strictObject({
  selection: z.strictObject({
    /** First and last index. */
    records: z
      .tuple([index, index])
      .refine(([first, last]) => first <= last, 'must name the first before the last')
      .optional(),
    task: name.optional(),
    human: name.optional(),
    before: time.optional(),
  }),
  parts: parts.default([...ERASABLE_PARTS]),
  reason: text,
})
export type ErasureBody = z.input<typeof erasureBody>

/** `POST /holds` */
export const holdBody = z.strictObject({
  covers: z.discriminatedUnion('target', [
    z.strictObject({ target: z.literal('tenant') }),
    z.strictObject({ target: z.literal('task'), task: name }),
    z.strictObject({ target: z.literal('human'), human: name }),
    z.strictObject({ target: z.literal('time'), from: time, until: time }),
  ]),
  reason: text,
})
export type HoldBody = z.input<typeof holdBody>
/** `POST /holds/:id/lift` */
export const liftHoldBody = z.strictObject({ reason: text })

export type ErasureCountAnswer = ErasureCount
export type ErasureAnswer = ErasureCount & { readonly order: string }
export interface HoldAnswer {
  readonly hold: LegalHold
}
export interface HoldsAnswer {
  readonly holds: readonly LegalHold[]
}
