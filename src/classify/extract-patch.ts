import type { Action } from '../core/actions.ts'
import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ExtractionContext } from './extract.ts'
import { extractPath, unreadable } from './extract-paths.ts'

const MAX_FILES = 200
const MAX_LENGTH = 1 << 20
const HEADER = /^\*\*\* (Add File|Update File|Delete File|Move to): (.+)$/

const ACTIONS: Readonly<Record<string, readonly Action[]>> = {
  'Add File': ['file.write'],
  'Update File': ['file.write', 'file.read'],
  'Delete File': ['file.delete'],
  'Move to': ['file.write'],
}

/** The patch envelope of `apply_patch` (openai/codex): every file that it adds, changes, deletes or moves. */
export function extractPatch(value: Json, context: ExtractionContext): readonly Operation[] {
  const all = { ...context, actions: ['file.write', 'file.delete'] as const }
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !/^\s*\*\*\* Begin Patch\s*$/m.test(value)) {
    return unreadable(all)
  }
  const found: Operation[] = []
  let files = 0
  for (const line of value.split('\n')) {
    // A header that is not quite one may still be read as one.
    if (!/^\s*\*\*\*/.test(line) || /^\s*\*\*\* (Begin Patch|End Patch|End of File)\s*$/.test(line)) continue
    const [, kind = '', path = ''] = HEADER.exec(line.trimEnd()) ?? []
    const actions = ACTIONS[kind]
    files += 1
    if (actions === undefined || files > MAX_FILES) return [...found, ...unreadable(all)]
    found.push(...extractPath(path, { ...context, actions }))
  }
  return files === 0 ? unreadable(all) : found
}
