import { posix } from 'node:path'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import type { FileSystem } from '../file-system.ts'
import { findWeakening, isCheckFile, type ChangedFile, type Weakening } from './find-weakening.ts'
import { readChanges, type WrittenText } from './read-changes.ts'
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
  if (action !== 'file.write' || resource.type !== 'File' || origin.span !== undefined) return []
  for (const change of changesOf(operation, call.input)) {
    const weakening = weigh(file, change, call.surroundings)
    if (weakening !== undefined) {
      const { pointer } = change
      return [
        weakened(operation, weakening.span === undefined ? { pointer } : { pointer, span: weakening.span }),
      ]
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
  return (
    isTestFile(resource.id) ||
    labels.includes('security-control') ||
    labels.includes('ci') ||
    labels.includes('git-hook')
  )
}

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

/** The object that holds the path says what is written there. */
function changesOf({ origin }: Operation, input: JsonObject): readonly WrittenText[] {
  const steps = origin.pointer.split('/').slice(1, -1)
  let holder: Json = input
  for (const step of steps) {
    if (Array.isArray(holder)) holder = (holder as readonly Json[])[Number(step)] ?? null
    else if (isJsonObject(holder)) holder = holder[step.replaceAll('~1', '/').replaceAll('~0', '~')] ?? null
    else return []
  }
  return isJsonObject(holder) ? readChanges(holder, origin.pointer.split('/').slice(0, -1).join('/')) : []
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
