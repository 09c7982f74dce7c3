import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { HookEvent } from '../hook-event.ts'
import { textIfAny } from '../read-payload.ts'
import { readClaudeEvent, SILENT_EVENTS } from './claude-code.ts'

/**
 * Devin CLI and Devin Local, which is Windsurf’s agent now, from their documentation of 2026: events of Claude’s shape, tools
 * in small letters, no folder, and whether a tool failed in its response. Nothing that a hook says replaces a result. The
 * program itself was not run.
 * https://docs.devin.ai/cli/extensibility/hooks/lifecycle-hooks
 */
export const DEVIN: AgentAdapter = {
  agent: 'devin',
  // Two hooks are asked about one use where Claude Code’s are set up too.
  usesAreUnique: true,
  silent: SILENT_EVENTS,
  read: readDevinEvent,
  // Saying nothing lets the agent's own rules stand.
  allow: () => undefined,
  deny: (_, why) => ({ decision: 'block', reason: why }),
  replace: () => undefined,
}

function readDevinEvent(payload: JsonObject): HookEvent {
  const event = readClaudeEvent(payload)
  if (event.moment !== 'after' || event.failure !== undefined) return event
  const failure = failureOf(event.result)
  return failure === undefined ? event : { ...event, failure }
}

function failureOf(response: JsonObject | undefined): string | undefined {
  if (!isJsonObject(response) || response['success'] !== false) return undefined
  return textIfAny(response, 'error') ?? 'the tool failed'
}
