import type { AgentConfiguration } from './agent-configuration.ts'
import { CLAUDE_CODE } from './claude-code.ts'
import { CLINE } from './cline.ts'
import { CODEX } from './codex.ts'
import { COPILOT_CLI } from './copilot-cli.ts'
import { CURSOR } from './cursor.ts'
import { DEVIN } from './devin.ts'
import { GEMINI_CLI } from './gemini-cli.ts'
import { KIRO } from './kiro.ts'
import { OPENCODE } from './opencode.ts'
import { VSCODE } from './vscode.ts'
import { WINDSURF } from './windsurf.ts'

/** The agents whose files are known, in the order in which they are told. */
export const KNOWN_AGENTS: readonly AgentConfiguration[] = [
  CLAUDE_CODE,
  CODEX,
  GEMINI_CLI,
  COPILOT_CLI,
  OPENCODE,
  CLINE,
  CURSOR,
  WINDSURF,
  DEVIN,
  KIRO,
  VSCODE,
]
