import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import { extractDirectory, extractPath, extractPaths, unreadable } from '../extract-paths.ts'
import { names } from './describe-tool.ts'
import type { CatalogueEntry, DerivedEffect, ToolEntry } from './entry.ts'
import { command, delegates, inFolder, nothing, onFile, runs, somewhere, url } from './tool-shapes.ts'

/** Several reads in one call, of which each is a file, a folder or some images. */
const OPERATIONS: DerivedEffect = {
  actions: ['file.read', 'file.list'],
  from(input, context) {
    const all: Json | undefined = input['operations']
    const reading = { ...context, actions: ['file.read'] as const, pointer: '/operations' }
    if (!Array.isArray(all)) return unreadable(reading)
    return all.flatMap((one: Json, at): readonly Operation[] => {
      const here = { ...reading, pointer: `/operations/${at}` }
      return isJsonObject(one) ? readOf(one, here) : unreadable(here)
    })
  },
}

type Here = Parameters<typeof extractPath>[1]

function readOf(
  { mode, path = null, image_paths: images = null }: JsonObject,
  here: Here,
): readonly Operation[] {
  const at = { ...here, pointer: `${here.pointer}/path` }
  if (mode === 'Line' || mode === 'Search') return extractPath(path, at)
  if (mode === 'Directory') return extractDirectory(path, { ...at, actions: ['file.list'] })
  if (mode === 'Image') return extractPaths(images, { ...here, pointer: `${here.pointer}/image_paths` })
  return unreadable(here)
}

/** Why the model calls, which it may say with every tool. */
const PURPOSE = '__tool_use_purpose'
const WRITING = names(
  `${PURPOSE} command content file_text insertLine insert_line newStr new_str oldStr old_str replaceAll summary`,
)
const SHELL = command('command', [PURPOSE, 'summary'], 'working_dir')
const READ: ToolEntry = { effects: [], derived: OPERATIONS, plain: ['operations', PURPOSE, 'summary'] }
const WRITE = onFile('path', ['file.write'], { plain: WRITING })
/** Whatever it is that the service is asked for. */
const AWS = runs(
  names(`${PURPOSE} service_name operation_name positional_args parameters region profile_name label`),
)
const SUBAGENT = delegates([PURPOSE, 'command', 'content', 'task', 'stages', 'mode'])

/** Built-in tools of Kiro CLI under all of their names, from its documentation and sources of 2026; not run here. */
export const KIRO: CatalogueEntry = new Map<string, ToolEntry>([
  ...['shell', 'execute_bash', 'execute_cmd', 'executeCmd'].map((name) => [name, SHELL] as const),
  ...['read', 'fs_read', 'fsRead'].map((name) => [name, READ] as const),
  ...['write', 'fs_write', 'fsWrite'].map((name) => [name, WRITE] as const),
  ...['aws', 'use_aws'].map((name) => [name, AWS] as const),
  ...['subagent', 'use_subagent'].map((name) => [name, SUBAGENT] as const),
  ['glob', inFolder('path', ['file.list'], ['pattern', 'limit', 'max_depth', PURPOSE])],
  [
    'grep',
    inFolder(
      'path',
      ['file.read'],
      ['pattern', 'include', 'case_sensitive', 'output_mode', 'max_matches_per_file', PURPOSE],
    ),
  ],
  ['web_fetch', url('url', ['mode', 'search_terms', PURPOSE])],
  ['web_search', somewhere(['query', PURPOSE])],
  ['thinking', nothing(['thought', PURPOSE])],
  ['todo_list', nothing(['command', 'tasks', 'todo_list_description', 'completed_indices', 'id', PURPOSE])],
])
