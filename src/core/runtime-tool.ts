import { isJsonObject, type JsonObject } from './json.ts'

/**
 * The gateway's own tool at its MCP endpoints, with which the runtime of an agent asks about tools that the agent has of
 * its own. No name of a server's tool at `/mcp` looks like it; where an endpoint has names of its own, it goes before theirs.
 */
export const RUNTIME_TOOL = 'remit_authorize'

/** What Claude Code sends to a tool that it asks for permission: no event of a hook, and the input under another name. */
export function isPermissionPrompt(asked: JsonObject): boolean {
  return asked['hook_event_name'] === undefined && isJsonObject(asked['input'])
}

/** Codex 0.169 runs a tool whose hook got an error; Claude Code has `onFailure`, and needs its errors to log in anew. */
export function goesOnAfterErrors({ agent }: JsonObject): boolean {
  return agent === 'codex'
}

/**
 * The answer that Claude Code 2.1.330 and Codex 0.169 take for a no, whatever else is wrong with what they asked: of an
 * error they may think what they like, and Codex goes on.
 */
export function runtimeRefusal(asked: JsonObject, why: string): JsonObject {
  if (isPermissionPrompt(asked)) return { behavior: 'deny', message: why }
  const event = asked['hook_event_name']
  if (typeof event === 'string' && event.startsWith('PostToolUse')) return { decision: 'block', reason: why }
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: why,
    },
  }
}

/** As the result of a tool. Both agents read its text alone: of an error, of structured content and of no text they make a yes. */
export function runtimeResult(answer: JsonObject): JsonObject {
  return { content: [{ type: 'text', text: JSON.stringify(answer) }] }
}
