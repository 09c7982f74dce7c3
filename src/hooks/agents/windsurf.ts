import { RemitError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { HookedTool, HookEvent } from '../hook-event.ts'
import { objectOf, objectOrText, resultOf, textIfAny, textOf, toldOf } from '../read-payload.ts'

/**
 * Windsurf’s Cascade, from its documentation of 2026: an event for each kind of tool, of which only exit code 2 before it
 * means a no. Nothing that a hook says replaces a result. The program itself was not run.
 * https://docs.windsurf.com/windsurf/cascade/hooks
 */
export const WINDSURF: AgentAdapter = {
  agent: 'windsurf',
  read: readCascadeEvent,
  allow: () => undefined,
  // Shown where somebody looks; what refuses is the client's exit code.
  deny: (_, why) => ({ decision: 'deny', message: why }),
  replace: () => undefined,
}

const SILENT: ReadonlySet<string> = new Set([
  'pre_user_prompt',
  'post_cascade_response',
  'post_cascade_response_with_transcript',
  'post_setup_worktree',
])

/** Where a result stands in what is told after each kind of tool. */
const RESULTS: Readonly<Record<string, string>> = {
  post_read_code: 'content',
  post_write_code: 'output',
  post_run_command: 'output',
  post_mcp_tool_use: 'mcp_result',
}

function readCascadeEvent(payload: JsonObject): HookEvent {
  const name = textOf(payload, 'agent_action_name')
  const told = toldOf(payload, { session: 'trajectory_id' })
  if (SILENT.has(name)) return { ...told, moment: 'other', name }
  const info = objectOf(payload, 'tool_info')
  const folder = textIfAny(info, 'cwd')
  const where = { ...told, ...(folder === undefined ? {} : { folder }) }
  const tool = toolOf(name.replace(/^(?:pre|post)_/, ''), info)
  if (name.startsWith('pre_')) return { ...where, moment: 'before', tool }
  const result = resultOf(info, RESULTS[name] ?? '')
  return { ...where, moment: 'after', tool, ...(result === undefined ? {} : { result }) }
}

function toolOf(kind: string, info: JsonObject): HookedTool {
  switch (kind) {
    case 'run_command':
      return { name: kind, arguments: { command_line: textOf(info, 'command_line') } }
    case 'read_code':
      return { name: kind, arguments: { file_path: textOf(info, 'file_path') } }
    case 'write_code':
      return {
        name: kind,
        arguments: {
          file_path: textOf(info, 'file_path'),
          ...(info['edits'] === undefined ? {} : { edits: info['edits'] }),
        },
      }
    case 'mcp_tool_use':
      return {
        name: textOf(info, 'mcp_tool_name'),
        server: textOf(info, 'mcp_server_name'),
        arguments: info['mcp_tool_arguments'] === undefined ? {} : objectOrText(info, 'mcp_tool_arguments'),
      }
    default:
      throw new RemitError(
        'request_invalid',
        `the hook is about \`${kind}\`, which windsurf was not known to do`,
      )
  }
}
