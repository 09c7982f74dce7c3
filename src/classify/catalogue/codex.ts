import type { CatalogueEntry, ToolEntry } from './entry.ts'
import { command, delegates, inFolder, nothing, onFile, patch, runs, somewhere } from './tool-shapes.ts'

const LIMITS = [
  'timeout_ms',
  'timeout',
  'login',
  'justification',
  'sandbox_permissions',
  'prefix_rule',
  'description',
]

/** Built-in tools of Codex CLI 0.169. Hooks see its shells as `Bash`. */
export const CODEX: CatalogueEntry = new Map<string, ToolEntry>([
  ['Bash', command('command', LIMITS, 'workdir')],
  ['shell', command('command', LIMITS, 'workdir')],
  ['shell_command', command('command', LIMITS, 'workdir')],
  ['local_shell', command('command', [...LIMITS, 'type'], 'working_directory')],
  ['container.exec', command('command', LIMITS, 'workdir')],
  ['exec_command', command('cmd', [...LIMITS, 'tty', 'yield_time_ms', 'max_output_tokens'], 'workdir')],
  ['write_stdin', runs(['session_id', 'chars', 'yield_time_ms', 'max_output_tokens'])],
  // Hooks hand the envelope over as `command`, the model as `input`.
  [
    'apply_patch',
    {
      effects: [
        { argument: 'command', kind: 'patch', actions: ['file.write'], optional: true },
        { argument: 'input', kind: 'patch', actions: ['file.write'], optional: true },
      ],
    },
  ],
  ['apply_patch_freeform', patch('input')],
  ['read_file', onFile('file_path', ['file.read'], { plain: ['offset', 'limit', 'mode', 'indentation'] })],
  ['view_image', onFile('path', ['file.read'])],
  ['list_dir', inFolder('dir_path', ['file.list'], ['offset', 'limit', 'depth'])],
  ['grep_files', inFolder('path', ['file.read'], ['pattern', 'include', 'limit'])],
  ['web_search', somewhere(['query', 'action', 'queries'])],
  ['spawn_agent', delegates(['message', 'items', 'agent_type', 'fork_context', 'model', 'reasoning_effort'])],
  ['send_input', delegates(['id', 'message', 'items', 'interrupt'])],
  ['resume_agent', delegates(['id'])],
  ['wait', nothing(['ids', 'timeout_ms'])],
  ['wait_agent', nothing(['ids', 'timeout_ms'])],
  ['close_agent', nothing(['id'])],
  ['update_plan', nothing(['plan', 'explanation'])],
  ['request_user_input', nothing(['questions'])],
  ['tool_search', nothing(['query', 'limit'])],
  ['js_repl', runs(['code', 'timeout_ms'])],
])
