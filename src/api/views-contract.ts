import { z } from 'zod'
import { FIELD_NAMES } from '../core/audit-query/fields.ts'
import type { SavedView } from '../core/audit-query/saved-view.ts'

const name = z.string().min(1).max(64)

/** `POST /records/views`: in place of what the same human keeps under this name. */
export const saveViewBody = z.strictObject({
  name,
  query: z.string().max(4_096),
  shared: z.boolean().default(false),
})
/** `POST /records/views/remove`; the human only for an admin who removes what somebody else shares. */
export const removeViewBody = z.strictObject({ name, human: z.string().min(1).max(128).optional() })
/** `GET /records/values`: what values of a field begin so. */
export const valuesQuery = z.strictObject({
  field: z.enum(FIELD_NAMES),
  prefix: z.string().max(1_024).default(''),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

export interface ViewAnswer {
  readonly view: SavedView
}
/** `GET /records/views` */
export interface ViewsAnswer {
  /** Who asks. */
  readonly human: string
  readonly views: readonly SavedView[]
}
export interface ValuesAnswer {
  readonly values: readonly string[]
}
