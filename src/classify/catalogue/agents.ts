import { CLAUDE_CODE } from './claude-code.ts'
import { CLINE } from './cline.ts'
import { CODEX } from './codex.ts'
import { COPILOT_CLI } from './copilot-cli.ts'
import { CURSOR } from './cursor.ts'
import { DEVIN } from './devin.ts'
import type { CatalogueEntry } from './entry.ts'
import { GEMINI_CLI } from './gemini-cli.ts'
import { KIRO } from './kiro.ts'
import { OPENCODE } from './opencode.ts'
import { VSCODE } from './vscode.ts'
import { WINDSURF } from './windsurf.ts'

/** Built-in tools of agents by the kind of agent, which a hook gives as the server of a call. */
export const AGENTS: ReadonlyMap<string, CatalogueEntry> = new Map([
  ['claude-code', CLAUDE_CODE],
  ['codex', CODEX],
  ['gemini', GEMINI_CLI],
  ['gemini-cli', GEMINI_CLI],
  ['copilot', COPILOT_CLI],
  ['copilot-cli', COPILOT_CLI],
  ['cursor', CURSOR],
  ['cline', CLINE],
  ['devin', DEVIN],
  ['kiro', KIRO],
  ['opencode', OPENCODE],
  ['vscode', VSCODE],
  ['windsurf', WINDSURF],
])
