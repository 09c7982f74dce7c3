import type { AgentAdapter } from './agent-adapter.ts'
import { CLAUDE_CODE, CLAUDE_CODE_DEFER } from './agents/claude-code.ts'
import { CLINE } from './agents/cline.ts'
import { CODEX } from './agents/codex.ts'
import { COPILOT_CLI } from './agents/copilot-cli.ts'
import { CURSOR } from './agents/cursor.ts'
import { DEVIN } from './agents/devin.ts'
import { GEMINI_CLI } from './agents/gemini-cli.ts'
import { KIRO } from './agents/kiro.ts'
import { OPENCODE } from './agents/opencode.ts'
import { VSCODE } from './agents/vscode.ts'
import { WINDSURF } from './agents/windsurf.ts'

/** The agents whose hooks are understood, by the last part of the door's path. */
export const ADAPTERS: ReadonlyMap<string, AgentAdapter> = new Map(
  [CLAUDE_CODE, CLINE, CODEX, COPILOT_CLI, CURSOR, DEVIN, GEMINI_CLI, KIRO, OPENCODE, VSCODE, WINDSURF].map(
    (adapter) => [adapter.agent, adapter],
  ),
)

/** Hooks that stand by another one of the same agent, by the last part of the path. */
export const SECOND_HOOKS: ReadonlyMap<string, AgentAdapter> = new Map([
  ['claude-code-defer', CLAUDE_CODE_DEFER],
])
