import type { JsonObject } from '../../../core/json.ts'
import { CANARY_SESSION } from '../../../hooks/canary.ts'

export interface CanaryPayloads {
  /** About to use a tool that does nothing. */
  readonly before: JsonObject
  /** A session begins; absent = the agent has no such hook. */
  readonly start?: JsonObject
}

const TOOL = 'remit_canary'

/** What the runtime of an agent would send. @param cwd where it works. @returns undefined = its hooks are no programs. */
export function canaryPayloads(agent: string, cwd: string): CanaryPayloads | undefined {
  switch (agent) {
    case 'claude-code':
    case 'codex':
    case 'vscode':
      return { before: claude('PreToolUse', cwd), start: { ...told(cwd), hook_event_name: 'SessionStart' } }
    case 'devin':
      return { before: claude('PreToolUse', cwd) }
    case 'gemini-cli':
      return { before: claude('BeforeTool', cwd), start: { ...told(cwd), hook_event_name: 'SessionStart' } }
    case 'copilot-cli':
      return { before: { sessionId: CANARY_SESSION, timestamp: 0, cwd, toolName: TOOL, toolArgs: {} } }
    case 'cursor': {
      const common = { conversation_id: CANARY_SESSION, workspace_roots: [cwd] }
      return {
        before: { ...common, hook_event_name: 'preToolUse', tool_name: TOOL, tool_input: {} },
        start: { ...common, hook_event_name: 'sessionStart' },
      }
    }
    case 'cline':
      return {
        before: {
          hookName: 'tool_call',
          taskId: CANARY_SESSION,
          workspaceRoots: [cwd],
          tool_call: { id: TOOL, name: TOOL, input: {} },
        },
      }
    case 'windsurf':
      return {
        before: {
          agent_action_name: 'pre_run_command',
          trajectory_id: CANARY_SESSION,
          tool_info: { command_line: 'true', cwd },
        },
      }
    default:
      return undefined
  }
}

function told(cwd: string): JsonObject {
  return { session_id: CANARY_SESSION, cwd }
}

function claude(event: string, cwd: string): JsonObject {
  return { ...told(cwd), hook_event_name: event, tool_name: TOOL, tool_input: {}, tool_use_id: TOOL }
}
