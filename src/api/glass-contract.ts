import { z } from 'zod'

/** What the admin plane hears of breaking the glass; `contract.ts` has the rest. */

const name = z.string().min(1).max(128)
const text = z.string().min(1).max(2_000)

/** `POST /glass`: the lifetime in milliseconds, an hour at most. */
export const glassBody = z.strictObject({
  task: name,
  reason: text,
  lifetime: z.int().min(1_000).max(3_600_000).optional(),
})
/** `POST /glass/:id/review` */
export const reviewGlassBody = z.strictObject({ comment: text })
