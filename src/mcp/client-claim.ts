import type { JsonObject } from '../core/json.ts'
import type { Era } from './upstream.ts'

/** What the client of one request said of itself. Nothing here is trusted. */
export interface ClientClaim {
  readonly era: Era
  readonly version: string
  readonly capabilities: JsonObject
  /** `name/version`. */
  readonly client?: string
  readonly logLevel?: string
}
