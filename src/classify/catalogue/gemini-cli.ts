import { extractRequest } from '../extract-requests.ts'
import type { CatalogueEntry, DerivedEffect, ToolEntry } from './entry.ts'
import { byPattern, command, delegates, inFolder, nothing, onFile, runs, somewhere } from './tool-shapes.ts'

const SEARCH = [
  'pattern',
  'include',
  'include_pattern',
  'exclude_pattern',
  'names_only',
  'max_matches_per_file',
  'total_max_matches',
  'case_sensitive',
  'fixed_strings',
  'context',
  'after',
  'before',
  'no_ignore',
]

/** Each URL in a text for the model, without what ends the sentence that it stands in. */
const URLS = /https?:\/\/[^\s"'`<>()[\]{}]*[^\s"'`<>()[\]{}.,;:!?]/gi

/** The URLs that are fetched stand somewhere in the prompt; without one it is some page that nobody can name. */
const IN_PROMPT: DerivedEffect = {
  actions: ['net.fetch'],
  from({ prompt }, context) {
    const here = { ...context, actions: ['net.fetch'] as const, pointer: '/prompt' }
    const urls = typeof prompt === 'string' ? (prompt.match(URLS) ?? []) : []
    return extractRequest(urls.length === 0 ? null : [...new Set(urls)], here)
  },
}

/** Built-in tools of Gemini CLI 0.61, with the argument names of versions since 0.20. */
export const GEMINI_CLI: CatalogueEntry = new Map<string, ToolEntry>([
  ['run_shell_command', command('command', ['description', 'is_background', 'delay_ms'], 'dir_path')],
  [
    'read_file',
    onFile('file_path absolute_path path', ['file.read'], {
      plain: ['start_line', 'end_line', 'offset', 'limit'],
    }),
  ],
  [
    'read_many_files',
    {
      effects: [
        { argument: 'include', kind: 'paths', actions: ['file.read'], optional: true },
        { argument: 'paths', kind: 'paths', actions: ['file.read'], optional: true },
      ],
      plain: ['exclude', 'recursive', 'useDefaultExcludes', 'file_filtering_options'],
    },
  ],
  ['write_file', onFile('file_path', ['file.write'], { plain: ['content'] })],
  [
    'replace',
    onFile('file_path', ['file.write'], {
      plain: ['old_string', 'new_string', 'instruction', 'expected_replacements', 'allow_multiple'],
    }),
  ],
  [
    'glob',
    byPattern('pattern', 'dir_path', ['case_sensitive', 'respect_git_ignore', 'respect_gemini_ignore']),
  ],
  ['grep_search', inFolder('dir_path', ['file.read'], SEARCH)],
  ['search_file_content', inFolder('path', ['file.read'], [...SEARCH])],
  ['list_directory', inFolder('dir_path', ['file.list'], ['ignore', 'file_filtering_options'])],
  ['web_fetch', { effects: [], derived: IN_PROMPT, plain: ['prompt'] }],
  ['google_web_search', somewhere(['query'])],
  ['save_memory', { effects: [{ kind: 'plain', actions: ['agent.configure'] }], plain: ['fact', 'scope'] }],
  ['write_todos', nothing(['todos'])],
  ['ask_user', nothing(['questions'])],
  ['enter_plan_mode', nothing(['reason'])],
  ['exit_plan_mode', nothing(['plan_path', 'plan_filename'])],
  ['complete_task', { effects: [], vouched: true }],
  ['get_internal_docs', nothing(['path'])],
  ['invoke_agent', delegates(['agent_name', 'prompt'])],
  ['delegate_to_agent', delegates(['agent_name', 'objective', 'prompt'])],
  ['activate_skill', runs(['name'])],
])
