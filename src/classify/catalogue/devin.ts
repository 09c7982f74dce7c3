import type { CatalogueEntry, ToolEntry } from './entry.ts'
import {
  byPattern,
  command,
  delegates,
  inFolder,
  nothing,
  onFile,
  patch,
  runs,
  somewhere,
  url,
} from './tool-shapes.ts'

/** Built-in tools of Devin CLI and Devin Local as their hooks name them (documentation of 2026; not run here). */
export const DEVIN: CatalogueEntry = new Map<string, ToolEntry>([
  ['exec', command('command', ['shell_id', 'timeout', 'description'])],
  ['read', onFile('file_path', ['file.read'], { plain: ['offset', 'limit'] })],
  ['write', onFile('file_path', ['file.write'], { plain: ['content'] })],
  ['edit', onFile('file_path', ['file.write'], { plain: ['old_string', 'new_string', 'replace_all'] })],
  ['apply_patch', patch('input')],
  ['notebook_read', onFile('notebook_path', ['file.read'], { plain: ['cell_id'] })],
  [
    'notebook_edit',
    onFile('notebook_path', ['file.write'], { plain: ['cell_id', 'new_source', 'cell_type', 'edit_mode'] }),
  ],
  ['glob', byPattern('pattern', 'path')],
  ['grep', inFolder('path', ['file.read'], ['pattern', 'glob_pattern', 'output_mode', 'case_insensitive'])],
  ['webfetch', url('url', ['prompt', 'format', 'timeout'])],
  ['web_search', somewhere(['query'])],
  ['run_subagent', delegates(['profile', 'task', 'title', 'is_background'])],
  ['read_subagent', nothing(['agent_id'])],
  ['skill', runs(['skill', 'name', 'args'])],
  ['todo_write', nothing(['todos'])],
  ['ask_user_question', nothing(['questions'])],
])
