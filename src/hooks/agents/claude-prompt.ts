import type { AgentAdapter } from '../agent-adapter.ts'
import { objectOf } from '../read-payload.ts'
import { CLAUDE_CODE, usedTool } from './claude-code.ts'

/**
 * `--permission-prompt-tool` of Claude Code 2.1.330, without a terminal: asked where its own rules would ask a human. It
 * tells neither session nor folder, and what it is answered replaces the input of the tool.
 */
export const CLAUDE_PROMPT: AgentAdapter = {
  ...CLAUDE_CODE,
  promptOnly: true,
  read: (payload) => ({ moment: 'before', tool: usedTool(payload, objectOf(payload, 'input')) }),
  allow: ({ tool }) => ({ behavior: 'allow', updatedInput: tool.arguments }),
  deny: (_, why) => ({ behavior: 'deny', message: why }),
}
