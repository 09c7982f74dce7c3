import { isDeepStrictEqual } from 'node:util'
import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { readTomlText } from '../import/read-toml-text.ts'
import { editJson, type JsonPath } from './edit-json.ts'
import { editToml, type TomlEdit } from './edit-toml.ts'
import type { KeptEdit } from './init-run.ts'
import { parseJsonDocument } from './json-document.ts'

export interface EditedFile {
  readonly path: string
  readonly format: 'json' | 'toml'
  readonly before: string
  readonly edits: readonly KeptEdit[]
}

/**
 * A file without what these edits made of it, as it is now.
 * @throws RemitError `config_invalid` where somebody changed the very thing since.
 */
export function reverseEdits({ path, format, before, edits }: EditedFile, now: string): string {
  let text = now
  for (const { edit, value } of withValues({ path, format, before, edits })) {
    const back = reverseOf(edit, { old: value, now: valueAt(parsed(path, format, text), edit.at), path })
    text = format === 'toml' ? editToml(path, text, back as readonly TomlEdit[]) : editJson(path, text, back)
  }
  return text
}

interface EditOver {
  readonly edit: KeptEdit
  /** What stood there before it. */
  readonly value: Json | undefined
}

/** Newest first. */
function withValues({ path, format, before, edits }: EditedFile): readonly EditOver[] {
  let text = before
  const found = edits.map((edit) => {
    const value = valueAt(parsed(path, format, text), edit.at)
    text = format === 'toml' ? editToml(path, text, [edit as TomlEdit]) : editJson(path, text, [edit])
    return { edit, value }
  })
  return found.toReversed()
}

interface Standing {
  readonly old: Json | undefined
  readonly now: Json | undefined
  readonly path: string
}

function reverseOf(edit: KeptEdit, { old, now, path }: Standing): readonly KeptEdit[] {
  const { at, change } = edit
  const taken = (): RemitError =>
    new RemitError('config_invalid', `\`${path}\` changed since, at \`${at.join('.')}\` itself`)
  if (change === 'append') {
    const item = Array.isArray(now)
      ? (now as readonly Json[]).findIndex((each) => isDeepStrictEqual(each, edit.value))
      : -1
    return item < 0 ? [] : [{ change: 'remove', at: [...at, item] }]
  }
  if (change === 'set') {
    if (isDeepStrictEqual(now, old)) return []
    if (!isDeepStrictEqual(now, edit.value)) throw taken()
    return [old === undefined ? { change: 'remove', at } : { change: 'set', at, value: old }]
  }
  if (old === undefined || isDeepStrictEqual(now, old)) return []
  const [last] = at.slice(-1)
  if (typeof last === 'number') return [{ change: 'append', at: at.slice(0, -1), value: old }]
  if (now !== undefined) throw taken()
  return [{ change: 'set', at, value: old }]
}

function parsed(path: string, format: EditedFile['format'], text: string): JsonObject {
  return format === 'toml'
    ? readTomlText(path, text)
    : parseJsonDocument(path, text.replace(/^\uFEFF/, '')).value
}

function valueAt(root: JsonObject, at: JsonPath): Json | undefined {
  return at.reduce<Json | undefined>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)] as Json | undefined
    return value !== undefined && isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }, root)
}
