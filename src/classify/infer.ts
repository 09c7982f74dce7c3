import type { Json, JsonObject } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ExtractionContext } from './extract.ts'
import { extractPath, unreadable } from './extract-paths.ts'

const MAX_DEPTH = 64
const MAX_STRINGS = 1_000
const MAX_PATHS = 100
const MAX_PATH = 4_096

/** Text that is a path wherever it stands. */
const CLEARLY_PATH = /^(\/(?!\/?\s)|~|\.{1,2}[/\\]|file:|[A-Za-z]:[\\/]|\\\\)/i
/** Names of arguments whose text is a path whatever it looks like. */
const PATH_NAME =
  /(^|_|-)(path|file|filename|filepath|dir|directory|folder|cwd|root|workdir)(s|_?name|_?path)?$|(Path|File|Dir|Directory|Folder)s?$/

/**
 * What a tool that nobody described might do: write to every path among its arguments. The dangerous side, so that
 * secrets, pipelines and Remit’s own files are seen whatever the tool is called.
 */
export function inferOperations(
  input: JsonObject,
  context: Omit<ExtractionContext, 'actions' | 'pointer'>,
  skip: ReadonlySet<string> = new Set(),
): readonly Operation[] {
  const found: Operation[] = []
  let strings = 0
  const open: { value: Json; name: string; pointer: string; depth: number }[] = []
  const addMembers = (value: JsonObject, pointer: string, depth: number): void => {
    for (const [name, member] of Object.entries(value)) {
      if (depth === 1 && skip.has(name)) continue
      open.push({ value: member, name, pointer: `${pointer}/${escapePointer(name)}`, depth })
    }
  }
  addMembers(input, '', 1)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, name, pointer, depth } = next
    if (typeof value === 'string') {
      strings += 1
      if (strings > MAX_STRINGS || found.length > MAX_PATHS)
        return [...found, ...unreadable({ actions: ['file.write'], pointer: '' })]
      if (!isPath(value, name)) continue
      for (const operation of extractPath(value, { ...context, actions: ['file.write'], pointer })) {
        found.push({ ...operation, labels: [...operation.labels, 'inferred'] })
      }
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= MAX_DEPTH) return [...found, ...unreadable({ actions: ['file.write'], pointer })]
      if (Array.isArray(value)) {
        for (const [at, item] of (value as readonly Json[]).entries()) {
          open.push({ value: item, name, pointer: `${pointer}/${at}`, depth: depth + 1 })
        }
      } else addMembers(value as JsonObject, pointer, depth + 1)
    }
  }
  return found
}

function isPath(text: string, name: string): boolean {
  if (text === '' || text.length > MAX_PATH) return false
  return CLEARLY_PATH.test(text) || PATH_NAME.test(name)
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
