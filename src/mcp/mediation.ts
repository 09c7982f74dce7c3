import type { JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { UpstreamSession } from './upstream.ts'

/** One call, ready to be decided, and what exactly goes upstream when it is allowed. */
export interface Mediation {
  readonly call: ToolCall
  readonly method: string
  /** The server's own names, and the very arguments that are decided on. */
  readonly params: JsonObject
  readonly session: UpstreamSession
  readonly headers?: Readonly<Record<string, string>>
}
