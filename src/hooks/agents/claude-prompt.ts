import type { AgentAdapter } from '../agent-adapter.ts'
import { objectOf } from '../read-payload.ts'
import { CLAUDE_CODE, usedTool } from './claude-code.ts'

/** Its answers have no such word. */
const { defer: _defer, ...AS_AT_HOOKS } = CLAUDE_CODE

/**
 * `--permission-prompt-tool` of Claude Code 2.1.330, without a terminal: asked where its own rules would ask a human. It
 * tells neither session nor folder, and what it is answered replaces the input of the tool.
 */
export const CLAUDE_PROMPT: AgentAdapter = {
  ...AS_AT_HOOKS,
  promptOnly: true,
  read: (payload) => ({ moment: 'before', tool: usedTool(payload, objectOf(payload, 'input')) }),
  allow: ({ tool }) => ({ behavior: 'allow', updatedInput: tool.arguments }),
  deny: (_, why) => ({ behavior: 'deny', message: why }),
}
