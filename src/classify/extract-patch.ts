import type { Action } from '../core/actions.ts'
import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ExtractionContext } from './extract.ts'
import { extractPath, unreadable } from './extract-paths.ts'
import type { PatchFile } from './patches/patch-file.ts'
import { readEnvelope } from './patches/read-envelope.ts'
import { readUnified } from './patches/read-unified.ts'
import { findWeakening } from './weakening/find-weakening.ts'
import { contentOf, fileOf, weakened } from './weakening/mark-weakening.ts'

const MAX_FILES = 200
const MAX_LENGTH = 1 << 20

/** A patch: every file that it adds, changes, moves or deletes, and each whose tests or checks it loosens. */
export function extractPatch(value: Json, context: ExtractionContext): readonly Operation[] {
  const all = { ...context, actions: ['file.write', 'file.delete'] as const }
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return unreadable(all)
  const files = readEnvelope(value) ?? readUnified(value)
  if (files === undefined || files.length === 0 || files.length > MAX_FILES) return unreadable(all)
  return files.flatMap((file) => operationsOf(file, context))
}

function operationsOf(file: PatchFile, context: ExtractionContext): readonly Operation[] {
  const on = (path: string, actions: readonly Action[]): readonly Operation[] =>
    extractPath(path, { ...context, actions })
  const { path, to, kind } = file
  if (kind === 'delete') return on(path, ['file.delete'])
  if (kind === 'mode') return on(path, ['file.permission'])
  const before =
    kind === 'add'
      ? on(path, ['file.write'])
      : on(
          path,
          to === undefined
            ? ['file.write', 'file.read']
            : file.copied
              ? ['file.read']
              : ['file.move', 'file.read'],
        )
  const written = to === undefined ? before : [...before, ...on(to, ['file.write'])]
  return [...written, ...weakeningOf(file, written, context)]
}

function weakeningOf(
  { kind, before, after }: PatchFile,
  operations: readonly Operation[],
  context: ExtractionContext,
): readonly Operation[] {
  const target = operations.findLast(({ action }) => action === 'file.write')
  if (target === undefined) return []
  // To add a file that is there already replaces it.
  const old = kind === 'add' ? contentOf(target.resource.id, context) : before
  const found = findWeakening(fileOf(target), { before: old, after })
  return found === undefined ? [] : [weakened(target, { pointer: context.pointer })]
}
