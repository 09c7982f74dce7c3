import { posix } from 'node:path'
import type { ExtractionContext } from '../extract.ts'
import { labelPath } from '../labels/label-path.ts'

const MAX_FOUND = 20
/** How many entries of folders may still be looked at. */
export interface LookBudget {
  entries: number
}

/** Of others, or of tools: full of keys that are examples. */
const SKIPPED: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.venv',
  'venv',
  'vendor',
  '__pycache__',
])

/**
 * Files that hold secrets below a folder that a command reads whole. `undefined` = there is too much to look at, or
 * nothing can be seen from here.
 * @param folder as operations name it: relative to the workspace, or absolute.
 */
export function secretsBelow(
  folder: string,
  which: 'all' | 'visible',
  budget: LookBudget,
  { fs, workspace }: Pick<ExtractionContext, 'fs' | 'workspace'>,
): readonly string[] | undefined {
  if (fs?.list === undefined) return undefined
  const root = folder.startsWith('/') ? folder : workspace && posix.join(workspace, folder)
  if (root === undefined || root === '') return undefined
  const found: string[] = []
  const open = [root]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (budget.entries < 0) return undefined
    const entries = fs.list(at, budget.entries)
    if (entries === undefined) continue
    budget.entries -= entries.length + 1
    if (budget.entries < 0) return undefined
    for (const { name, folder: deeper } of entries) {
      if (which === 'visible' && name.startsWith('.')) continue
      const path = posix.join(at, name)
      if (labelPath(posix.relative(root, path), false).labels.has('secret')) found.push(path)
      if (found.length >= MAX_FOUND) return found
      if (deeper && !SKIPPED.has(name)) open.push(path)
    }
  }
  return found
}
