import { canonicalJson } from '../../core/canonical-json.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import { PLAIN } from '../../gate/settle-reported.ts'
import { CLAUDE_CODE, readClaudeEvent, SILENT_EVENTS } from './claude-code.ts'

/**
 * Codex CLI 0.169: payloads and decisions of Claude's shape. `apply_patch` has its patch in `command`, as the catalogue
 * knows. A result is replaced by the reason of a `block`: the model reads that text alone.
 */
export const CODEX: AgentAdapter = {
  agent: 'codex',
  usesAreUnique: true,
  silent: SILENT_EVENTS,
  read: readClaudeEvent,
  // Saying nothing lets the agent's own rules stand; `allow` would lift its sandbox's questions.
  allow: () => undefined,
  deny: (event, why) => CLAUDE_CODE.deny(event, why),
  replace: (_, result) => {
    const plain = result[PLAIN]
    return { decision: 'block', reason: typeof plain === 'string' ? plain : canonicalJson(result) }
  },
}
