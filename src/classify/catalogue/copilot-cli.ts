import type { CatalogueEntry, ToolEntry } from './entry.ts'
import { byPattern, command, delegates, inFolder, nothing, onFile, patch, runs, url } from './tool-shapes.ts'

const SHELL = ['description', 'sessionId', 'shellId', 'mode', 'async', 'initial_wait', 'timeout', 'detach']
const EDITING = [
  'command',
  'file_text',
  'old_str',
  'new_str',
  'insert_line',
  'view_range',
  'forceReadLargeFiles',
]

/** Built-in tools of GitHub Copilot CLI 1.0.102. */
export const COPILOT_CLI: CatalogueEntry = new Map<string, ToolEntry>([
  ['bash', command('command', SHELL)],
  ['write_bash', runs(['sessionId', 'shellId', 'input', 'delay'])],
  ['read_bash', nothing(['sessionId', 'shellId', 'delay'])],
  ['stop_bash', nothing(['sessionId', 'shellId'])],
  ['list_bash', nothing()],
  ['view', onFile('path', ['file.read'], { plain: ['view_range', 'forceReadLargeFiles'] })],
  ['create', onFile('path', ['file.write'], { plain: ['file_text'] })],
  ['edit', onFile('path', ['file.write'], { plain: ['old_str', 'new_str'] })],
  ['str_replace_editor', onFile('path', ['file.write', 'file.read'], { plain: EDITING })],
  ['apply_patch', patch('input')],
  [
    'grep',
    inFolder(
      'path',
      ['file.read'],
      ['pattern', 'glob', 'type', 'output_mode', '-A', '-B', '-C', '-n', '-i', 'head_limit', 'multiline'],
    ),
  ],
  [
    'rg',
    inFolder(
      'path',
      ['file.read'],
      ['pattern', 'glob', 'type', 'output_mode', '-A', '-B', '-C', '-n', '-i', 'head_limit', 'multiline'],
    ),
  ],
  ['glob', byPattern('pattern', 'path')],
  ['web_fetch', url('url', ['max_length', 'start_index', 'raw'])],
  ['task', delegates(['agent_type', 'description', 'prompt', 'model', 'mode', 'name'])],
  ['read_agent', nothing(['agent_id', 'wait', 'timeout'])],
  ['list_agents', nothing(['include_completed'])],
  ['write_agent', delegates(['agent_id', 'message'])],
  ['ask_user', nothing(['question', 'choices', 'allow_freeform'])],
  ['skill', runs(['skill'])],
  ['report_intent', nothing(['intent'])],
  ['update_todo', nothing(['todos'])],
  ['exit_plan_mode', nothing(['summary', 'actions', 'recommendedAction'])],
  ['fetch_copilot_cli_documentation', nothing()],
  [
    'store_memory',
    {
      effects: [{ kind: 'plain', actions: ['agent.configure'] }],
      plain: ['subject', 'fact', 'citations', 'reason', 'category'],
    },
  ],
])
