import { posix } from 'node:path'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { valueAt } from '../../core/json-pointer.ts'
import type { Operation } from '../../core/operation.ts'
import type { FileSystem } from '../file-system.ts'
import { findWeakening, isCheckFile, type ChangedFile, type Weakening } from './find-weakening.ts'
import { readChanges, type WrittenText } from './read-changes.ts'
import { readShellText } from './shell-text.ts'
import { isTestFile, isTestFolder } from './tests.ts'

interface Surroundings {
  readonly fs: FileSystem | undefined
  readonly workspace: string | undefined
}

/**
 * Adds `control.weaken` on each file of which a call deletes, skips or loosens a test or a check: by what it deletes
 * and moves away, and by what it writes beside what was there.
 */
export function markWeakening(
  operations: readonly Operation[],
  input: JsonObject,
  surroundings: Surroundings,
): readonly Operation[] {
  const found = operations.flatMap((operation) => weakeningOf(operation, { operations, input, surroundings }))
  return found.length === 0 ? operations : [...operations, ...withoutRepeats(found, operations)]
}

interface Call {
  readonly operations: readonly Operation[]
  readonly input: JsonObject
  readonly surroundings: Surroundings
}

function weakeningOf(operation: Operation, call: Call): readonly Operation[] {
  const { action, resource, origin } = operation
  if (resource.type !== 'File' && resource.type !== 'Directory') return []
  const file = fileOf(operation)
  if (action === 'file.delete' && isControlFile(operation)) return [weakened(operation, origin)]
  if (action === 'file.move' && isControlFile(operation) && !movedToLikeName(file, call.operations)) {
    return [weakened(operation, origin)]
  }
  if (action !== 'file.write' || resource.type !== 'File') return []
  if (origin.span !== undefined) {
    const weak = weakenedByLine(file, valueAt(call.input, origin.pointer), call.surroundings)
    return weak ? [weakened(operation, origin)] : []
  }
  for (const change of changesOf(operation, call.input)) {
    const weakening = weigh(file, change, call.surroundings)
    if (weakening !== undefined) {
      const { pointer, lines } = change
      const { span } = weakening
      return [weakened(operation, span === undefined || lines ? { pointer } : { pointer, span })]
    }
  }
  return []
}

export function weakened({ resource, labels, opaque }: Operation, origin: Operation['origin']): Operation {
  return { action: 'control.weaken', resource, labels, opaque, origin }
}

export function fileOf({ resource, labels }: Pick<Operation, 'resource' | 'labels'>): ChangedFile {
  return { path: resource.id, labels }
}

/** A test, or a file or folder that is a check of the project. */
function isControlFile({ resource, labels }: Operation): boolean {
  if (labels.includes('outside-workspace') && !labels.includes('unresolved')) return false
  if (resource.type === 'Directory' && isTestFolder(resource.id)) return true
  return isControlPath(fileOf({ resource, labels }))
}

export function isControlPath({ path, labels }: ChangedFile): boolean {
  return isTestFile(path) || CONTROLS.some((label) => labels.includes(label))
}

const CONTROLS = ['security-control', 'ci', 'git-hook'] as const

/** A test that moves stays a test under a name that runs as one. */
function movedToLikeName(file: ChangedFile, operations: readonly Operation[]): boolean {
  return operations.some(
    ({ action, resource }) =>
      action === 'file.write' &&
      resource.id !== file.path &&
      (isTestFile(resource.id) ||
        isTestFolder(resource.id) ||
        posix.basename(resource.id) === posix.basename(file.path)),
  )
}

/** A command line that writes the file: by what of its text can be seen. */
function weakenedByLine(file: ChangedFile, line: Json | undefined, surroundings: Surroundings): boolean {
  if (typeof line !== 'string') return false
  const { replaced, written, emptied } = readShellText(line)
  if (emptied && isTestFile(file.path)) return true
  if (replaced !== undefined) return findWeakening(file, replaced) !== undefined
  const before = written === line ? '' : contentOf(file.path, surroundings)
  return (
    findWeakening(file, { before: written === line || line.includes('>>') ? '' : before, after: written }) !==
    undefined
  )
}

/** The object that holds the path says what is written there. */
function changesOf({ origin }: Operation, input: JsonObject): readonly WrittenText[] {
  const pointer = origin.pointer.slice(0, Math.max(0, origin.pointer.lastIndexOf('/')))
  const holder = valueAt(input, pointer)
  return holder !== undefined && isJsonObject(holder) ? readChanges(holder, pointer) : []
}

/** The file is read only where the answer depends on it. */
function weigh(file: ChangedFile, change: WrittenText, surroundings: Surroundings): Weakening | undefined {
  if (!change.whole) return findWeakening(file, change)
  const alone = findWeakening(file, { before: '', after: change.after })
  if (alone === undefined && !isCheckFile(file)) return undefined
  return findWeakening(file, { before: contentOf(file.path, surroundings), after: change.after })
}

/** Empty for a file that is not there; `undefined` where nobody knows. */
export function contentOf(path: string, { fs, workspace }: Surroundings): string | undefined {
  if (fs?.read === undefined || (!path.startsWith('/') && workspace === undefined)) return undefined
  const absolute = path.startsWith('/') ? path : posix.join(workspace ?? '', path)
  try {
    return fs.read(absolute) ?? ''
  } catch {
    return undefined
  }
}

function withoutRepeats(found: readonly Operation[], known: readonly Operation[]): readonly Operation[] {
  const seen = new Set(
    known.filter(({ action }) => action === 'control.weaken').map(({ resource }) => resource.id),
  )
  return found.filter(({ resource }) => {
    if (seen.has(resource.id)) return false
    seen.add(resource.id)
    return true
  })
}
