import type { Caller } from '../gate/gate.ts'
import type { AgentAdapter } from './agent-adapter.ts'

/** One hook that waits for its answer. */
export interface HookExchange {
  readonly adapter: AgentAdapter
  readonly caller: Caller
  /** The agent's name for the gateway among its MCP servers; absent = it is none of them. */
  readonly gateway?: string
  readonly traceparent?: string
  /** Aborts when the hook no longer waits. */
  readonly signal: AbortSignal
}
