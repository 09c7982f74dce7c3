import type { AgentAdapter } from './agent-adapter.ts'
import { CLAUDE_CODE } from './agents/claude-code.ts'
import { CODEX } from './agents/codex.ts'

/** An agent whose hooks can ask over its MCP connection (`type: "mcp_tool"`). */
export interface Runtime {
  readonly adapter: AgentAdapter
  /** How it introduces itself as an MCP client, without the version. */
  readonly client: string
  /** Its templates of arguments make objects into their JSON text, and leave out nothing: what is absent is `''`. */
  readonly asText: boolean
}

/** By the name that the arguments give. */
export const RUNTIMES: ReadonlyMap<string, Runtime> = new Map(
  [
    { adapter: CLAUDE_CODE, client: 'claude-code', asText: true },
    { adapter: CODEX, client: 'codex-mcp-client', asText: false },
  ].map((runtime) => [runtime.adapter.agent, runtime]),
)
