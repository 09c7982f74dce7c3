import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type Json } from '../../../core/json.ts'
import type { InitRun, KeptFile } from '../../init/init-run.ts'
import { parseJsonDocument } from '../../init/json-document.ts'
import { readTomlText } from '../../import/read-toml-text.ts'
import type { AgentFinding } from './agent-finding.ts'

/**
 * Whether what `remit init` wrote still stands.
 * @param runs of it, oldest first: the newest that wrote a file counts. @param read undefined = there is no such file.
 */
export function lookAtSettings(
  runs: readonly InitRun[],
  read: (path: string) => string | undefined,
): readonly AgentFinding[] {
  const newest = new Map(
    runs.flatMap(({ at, files }) => files.map((file) => [file.path, { at, file }] as const)),
  )
  return [...newest.values()].flatMap(({ at, file }) => {
    if (file.format === 'yaml') return []
    return changesOf(file, read(file.path)).map((what) => ({
      about: 'settings' as const,
      result: 'bad' as const,
      says: `${file.path}: ${what} since \`remit init\` wrote it (${at})`,
      fix: 'find out who changed it, and run `remit init` again',
    }))
  })
}

function changesOf(file: KeptFile, now: string | undefined): readonly string[] {
  const { after, format, path, edits } = file
  if (now === after) return []
  if (now === undefined) return ['is gone']
  if (format === 'script') return ['is another one']
  let root: Json
  try {
    root =
      format === 'toml' ? readTomlText(path, now) : parseJsonDocument(path, now.replace(/^\uFEFF/, '')).value
  } catch {
    return ['cannot be read any more']
  }
  return edits.flatMap((edit) => {
    if (edit.change === 'remove' || stands(root, edit)) return []
    return [`\`${edit.at.filter((key) => typeof key === 'string').join('.')}\` is not what it was`]
  })
}

/** Where it stands in a list is no matter. */
function stands(
  root: Json,
  { change, at, value }: Extract<KeptFile['edits'][number], { value: Json }>,
): boolean {
  const isInList = change === 'append' || typeof at.at(-1) === 'number'
  const found = valueAt(root, change === 'set' && isInList ? at.slice(0, -1) : at)
  if (!isInList) return isDeepStrictEqual(found, value)
  return Array.isArray(found) && (found as readonly Json[]).some((each) => isDeepStrictEqual(each, value))
}

function valueAt(root: Json, at: readonly (string | number)[]): Json | undefined {
  return at.reduce<Json | undefined>((value, key) => {
    if (Array.isArray(value)) return (value as readonly Json[])[Number(key)]
    return value !== undefined && isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }, root)
}
