import { isJsonObject, type Json } from '../core/json.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import { CLAUDE_CODE } from './agents/claude-code.ts'
import { CURSOR } from './agents/cursor.ts'

/**
 * Who runs a hook: Cursor runs those of Claude Code beside its own, tells them what it tells its own, and takes exit code 2
 * for a no from both. https://cursor.com/docs/reference/third-party-hooks
 */
export function runBy(adapter: AgentAdapter, payload: Json | undefined): AgentAdapter {
  const isCursor = isJsonObject(payload) && typeof payload['cursor_version'] === 'string'
  return adapter === CLAUDE_CODE && isCursor ? CURSOR : adapter
}
