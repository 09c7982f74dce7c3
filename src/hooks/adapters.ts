import type { AgentAdapter } from './agent-adapter.ts'
import { CLAUDE_CODE } from './agents/claude-code.ts'
import { CODEX } from './agents/codex.ts'

/** The agents whose hooks are understood, by the last part of the door's path. */
export const ADAPTERS: ReadonlyMap<string, AgentAdapter> = new Map(
  [CLAUDE_CODE, CODEX].map((adapter) => [adapter.agent, adapter]),
)
