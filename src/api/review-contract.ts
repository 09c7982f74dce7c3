import { z } from 'zod'
import { MARKS } from '../gate/review/review-item.ts'
import type { ReviewState } from '../gate/review/review-report.ts'

export type { ReviewItem } from '../gate/review/review-item.ts'
/** `GET /review` */
export type { ReviewAnswer, ReviewState } from '../gate/review/review-report.ts'

/** `GET /review`; `fresh`: make another one first. */
export const reviewQuery = z.strictObject({ fresh: z.enum(['0', '1']).default('0') })

const comment = z.string().trim().min(1).max(2_000)

/** `POST /review/mark`; `until` goes with `accepted`: milliseconds since the epoch. */
export const markBody = z
  .strictObject({
    item: z.string().regex(/^rvi_[0-9a-f]{16}$/, 'must be the id of an item, as `remit review` shows it'),
    mark: z.enum(MARKS),
    until: z.int().min(0).optional(),
    comment,
  })
  .refine(({ mark, until }) => until === undefined || mark === 'accepted', '`until` goes with `accepted`')

/** `POST /review/sign-off` */
export const signOffBody = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be the whole digest of the report that you looked at'),
  comment,
})

/** `POST /review/sign-off` */
export interface SignOffAnswer {
  readonly state: ReviewState
}
