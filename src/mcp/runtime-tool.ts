import type { JsonObject } from '../core/json.ts'
import type { Caller } from '../gate/gate.ts'

/** One call of the gateway's own tool. */
export interface RuntimeQuestion {
  readonly caller: Caller
  readonly arguments: JsonObject
  /** `name/version` as the client introduced itself; absent = it did not in this session. */
  readonly client?: string
  /** The id that the agent gave this very call of the tool: it does so for calls of its model alone. */
  readonly ownUse?: string
  readonly traceparent?: string
  readonly signal: AbortSignal
}

/** What stands behind the gateway's own tool: the hooks of agents that ask over their connection. */
export interface RuntimeTool {
  /** As this client's `tools/list` has it; undefined = not at all. */
  listed(client: string | undefined): JsonObject | undefined
  /** @throws RemitError for what is no question of a runtime; where a tool may not run, that is an answer. */
  answer(question: RuntimeQuestion): Promise<JsonObject>
}
