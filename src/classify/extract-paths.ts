import { posix } from 'node:path'
import { groupsOf, type Action } from '../core/actions.ts'
import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { EntityRef } from '../core/resource.ts'
import type { ExtractionContext } from './extract.ts'
import { locatePath, type LocatedPath } from './locate-path.ts'

const MAX_PATHS = 200

/** A path to a file, or to whatever is there. */
export function extractPath(value: Json, context: ExtractionContext): readonly Operation[] {
  return typeof value === 'string' ? operationsOn(value, 'File', context) : unreadable(context)
}

/** A path to a folder, which may not exist yet. */
export function extractDirectory(value: Json, context: ExtractionContext): readonly Operation[] {
  return typeof value === 'string' ? operationsOn(value, 'Directory', context) : unreadable(context)
}

/** A glob: it looks in the folder that it begins with, when that is not where the search starts. */
export function extractPattern(value: Json, context: ExtractionContext): readonly Operation[] {
  if (typeof value !== 'string') return unreadable(context)
  if (/(^|[/{,])\.\.(\/|$)/.test(value)) return unreadable(context)
  const folder = /^([^*?[{]*)\//.exec(value)?.[1]
  const start =
    folder === undefined ? (/^[~/]/.test(value) ? value : undefined) : folder === '' ? '/' : folder
  return start === undefined ? [] : extractDirectory(start, context)
}

/** A list of paths. */
export function extractPaths(value: Json, context: ExtractionContext): readonly Operation[] {
  if (!Array.isArray(value)) return unreadable(context)
  const items = value as readonly Json[]
  const operations = items
    .slice(0, MAX_PATHS)
    .flatMap((item, at) => extractPath(item, { ...context, pointer: `${context.pointer}/${at}` }))
  return items.length > MAX_PATHS ? [...operations, ...unreadable(context)] : operations
}

/** A value that should name a place and does not: it could be any. */
export function unreadable({
  actions,
  pointer,
}: Pick<ExtractionContext, 'actions' | 'pointer'>): readonly Operation[] {
  return actions.map((action) => ({
    action,
    resource: { type: 'Directory', id: '?', ancestors: [] },
    labels: ['outside-workspace', 'unresolved'],
    opaque: true,
    origin: { pointer },
  }))
}

function operationsOn(
  text: string,
  expected: 'File' | 'Directory',
  context: ExtractionContext,
): readonly Operation[] {
  const changes = context.actions.some(isChange)
  const located = locatePath(text, { ...context, changes })
  const type = located.directory || (expected === 'Directory' && !located.exists) ? 'Directory' : 'File'
  const ancestors = [...foldersAbove(located), ...repositoryOf(located, type, context)]
  const resource = { type, id: located.id, ancestors } as const
  return context.actions.map((action) => ({
    action,
    resource,
    labels: located.labels,
    opaque: located.opaque,
    origin: { pointer: context.pointer },
  }))
}

function isChange(action: Action): boolean {
  return groupsOf(action).some((group) => group !== 'read')
}

/** The repository that it lies in, where that can be told. */
function repositoryOf(
  { real, opaque }: LocatedPath,
  type: 'File' | 'Directory',
  { repositories }: ExtractionContext,
): readonly EntityRef[] {
  if (repositories === undefined || real === undefined || opaque) return []
  const found = repositories.at(type === 'Directory' ? real : posix.dirname(real), 'files')
  if (found === undefined || found === 'unsure' || !found.certain) return []
  return [{ type: 'Repository', id: found.id }]
}

/** Nearest first, up to the workspace (`.`) or the root. */
function foldersAbove({ id, inside }: LocatedPath): readonly EntityRef[] {
  if (id === '.' || id === '/' || id.startsWith('?')) return []
  const folders: EntityRef[] = []
  for (let at = posix.dirname(id); ; at = posix.dirname(at)) {
    folders.push({ type: 'Directory', id: at })
    if (at === '.' || at === '/' || !at.includes('/')) {
      if (inside && at !== '.') folders.push({ type: 'Directory', id: '.' })
      return folders
    }
  }
}
