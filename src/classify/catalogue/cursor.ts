import type { CatalogueEntry, ToolEntry } from './entry.ts'
import { byPattern, command, delegates, inFolder, nothing, onFile, somewhere, url } from './tool-shapes.ts'

/**
 * Built-in tools of Cursor as its hooks name them (documentation of September 2026; the program itself could not be
 * run here). An argument that is not listed makes a call opaque.
 */
export const CURSOR: CatalogueEntry = new Map<string, ToolEntry>([
  [
    'Shell',
    command(
      'command',
      ['description', 'timeout', 'block_until_ms', 'is_background', 'cwd_hint'],
      'working_directory',
    ),
  ],
  ['Read', onFile('path file_path', ['file.read'], { plain: ['offset', 'limit', 'attachments', 'content'] })],
  ['Write', onFile('path file_path', ['file.write'], { plain: ['contents', 'content'] })],
  [
    'StrReplace',
    onFile('path file_path', ['file.write'], { plain: ['old_string', 'new_string', 'replace_all'] }),
  ],
  [
    'Edit',
    onFile('path file_path', ['file.write'], { plain: ['edits', 'old_string', 'new_string', 'replace_all'] }),
  ],
  ['Delete', onFile('path file_path', ['file.delete'])],
  [
    'EditNotebook',
    onFile('target_notebook', ['file.write'], {
      plain: ['cell_idx', 'is_new_cell', 'cell_language', 'old_string', 'new_string'],
    }),
  ],
  ['Glob', byPattern('glob_pattern', 'target_directory')],
  [
    'Grep',
    inFolder(
      'path',
      ['file.read'],
      ['pattern', 'glob', 'type', 'output_mode', '-A', '-B', '-C', '-i', 'head_limit', 'offset', 'multiline'],
    ),
  ],
  ['LS', inFolder('target_directory', ['file.list'], ['ignore_globs'])],
  ['SemanticSearch', inFolder('target_directory', ['file.read'], ['query', 'explanation', 'num_results'])],
  ['ReadLints', nothing(['paths'])],
  ['WebFetch', url('url')],
  ['WebSearch', somewhere(['search_term', 'explanation', 'query'])],
  ['Task', delegates(['description', 'prompt', 'subagent_type', 'model', 'readonly', 'resume'])],
  ['TodoWrite', nothing(['todos', 'merge'])],
  ['AskQuestion', nothing(['questions', 'title'])],
  ['SwitchMode', nothing(['target_mode_id', 'explanation'])],
])
