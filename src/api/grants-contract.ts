import { z } from 'zod'
import type { Grant, ListedGrant } from '../core/grant.ts'

/** What the admin plane hears and says of consent that lasts; `contract.ts` has the rest. */

const limit = z.coerce.number().int().min(1).max(10_000)
const name = z.string().min(1).max(128)
const text = z.string().min(1).max(2_000)

/** `GET /grants` */
export const listGrantsQuery = z.strictObject({ task: name.optional(), limit: limit.default(100) })
/** `POST /grants/:id/revoke` */
export const revokeGrantBody = z.strictObject({ reason: text.default('revoked by hand') })

export interface GrantAnswer {
  readonly grant: Grant
}
export interface GrantsAnswer {
  readonly grants: readonly ListedGrant[]
}
