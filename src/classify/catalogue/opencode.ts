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

/** Built-in tools of opencode 1.18. */
export const OPENCODE: CatalogueEntry = new Map<string, ToolEntry>([
  ['bash', command('command', ['description', 'timeout'], 'workdir')],
  ['read', onFile('filePath', ['file.read'], { plain: ['offset', 'limit'] })],
  ['write', onFile('filePath', ['file.write'], { plain: ['content'] })],
  ['edit', onFile('filePath', ['file.write'], { plain: ['oldString', 'newString', 'replaceAll'] })],
  ['multiedit', onFile('filePath', ['file.write'], { plain: ['edits'] })],
  ['patch', patch('patchText')],
  ['apply_patch', patch('patchText')],
  ['glob', byPattern('pattern', 'path')],
  ['grep', inFolder('path', ['file.read'], ['pattern', 'include'])],
  ['list', inFolder('path', ['file.list'], ['ignore'])],
  ['lsp', onFile('filePath', ['file.read'], { plain: ['operation', 'line', 'character'] })],
  ['webfetch', url('url', ['format', 'timeout'])],
  ['websearch', somewhere(['query', 'numResults', 'livecrawl', 'type', 'contextMaxCharacters'])],
  ['codesearch', somewhere(['query', 'tokensNum'])],
  ['task', delegates(['description', 'prompt', 'subagent_type', 'task_id', 'command'])],
  ['skill', runs(['name'])],
  ['todowrite', nothing(['todos'])],
  ['todoread', nothing()],
  ['question', nothing(['questions'])],
  ['invalid', nothing(['tool', 'error'])],
])
