import { z } from 'zod'
import type { Cover } from '../core/cover.ts'

/** What the admin plane hears and says of who is away and who agrees for whom; `contract.ts` has the rest. */

const name = z.string().min(1).max(128)

/** `POST /covers`: in place of what the same human said before. */
export const coverBody = z.strictObject({
  /** Milliseconds since the epoch. */
  until: z.int().min(0),
  away: z.boolean().default(false),
  deputy: name.optional(),
  stepUp: z.strictObject({ assertion: z.json().optional(), code: z.string().max(256).optional() }).optional(),
})
/** `POST /covers/end`; the human only for an admin who ends it for somebody else. */
export const endCoverBody = z.strictObject({ human: name.optional() })

export interface CoverAnswer {
  readonly cover: Cover
}
/** `GET /covers` */
export interface CoversAnswer {
  readonly covers: readonly Cover[]
}
