import type { JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { Verdict } from '../gate/gate.ts'
import type { SealedState } from './request-state.ts'
import type { TaskPlan } from './tasks/task-plan.ts'
import type { UpstreamSession } from './upstream.ts'

/** One call, ready to be decided, and what exactly goes upstream when it is allowed. */
export interface Mediation {
  readonly call: ToolCall
  readonly method: string
  /** The server's own names, and the very arguments that are decided on. */
  readonly params: JsonObject
  readonly session: UpstreamSession
  readonly headers?: Readonly<Record<string, string>>
  /** The result is read here, so it comes with all its members, however large. */
  readonly whole?: boolean
  /** The call may become a task. */
  readonly task?: TaskPlan
}

/** An allowed call on its way: run once, settled once. */
export interface AllowedCall {
  readonly mediation: Mediation
  readonly resumed: SealedState | undefined
  readonly verdict: Extract<Verdict, { readonly effect: 'allow' }>
}

const RESUMABLE: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read'])

/** Whether the method's result may be `input_required`, and so its params carry a `requestState`. */
export function isResumable(method: string): boolean {
  return RESUMABLE.has(method)
}
