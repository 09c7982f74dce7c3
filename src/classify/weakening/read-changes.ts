import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { readBlocks } from '../patches/read-blocks.ts'
import { readUnified } from '../patches/read-unified.ts'
import type { TextChange } from './find-weakening.ts'

/** What the arguments say of a file's new text, and where they say it. */
export interface WrittenText extends TextChange {
  /** RFC 6901 pointer of the new text. */
  readonly pointer: string
  /** The text is the file's whole content, so that what was there before is in the file alone. */
  readonly whole: boolean
  /** Gathered from lines of a diff, so that positions in it are not those of the argument. */
  readonly lines?: true
}

/** Names that tools give to a file's whole content, and to a replaced and a replacing part of it. */
const CONTENT = [
  'content',
  'contents',
  'file_text',
  'fileText',
  'new_source',
  'newContent',
  'new_content',
  'text',
  'body',
  'data',
  'code_edit',
]
const OLD = [
  'old_string',
  'oldString',
  'old_str',
  'oldText',
  'old_text',
  'old',
  'search',
  'oldContent',
  'original',
  'find',
]
const NEW = [
  'new_string',
  'newString',
  'new_str',
  'newText',
  'new_text',
  'new',
  'replace',
  'replacement',
  'updated',
  'insert_text',
]
const LISTS = ['edits', 'changes', 'replacements', 'hunks', 'operations']
const DIFFS = ['diff', 'patch', 'content', 'udiff']
const MAX_EDITS = 200

/**
 * The texts that a call writes to one file, read from the object that names it: whole contents, one replacement, or a
 * list of them. The names are those of the agents' own tools and of common servers.
 * @param pointer of the object.
 */
export function readChanges(holder: JsonObject, pointer: string): readonly WrittenText[] {
  for (const name of LISTS) {
    const list = holder[name]
    if (!Array.isArray(list)) continue
    return (list as readonly Json[])
      .slice(0, MAX_EDITS)
      .flatMap((edit, at) => (isJsonObject(edit) ? replacement(edit, `${pointer}/${name}/${at}`) : []))
  }
  for (const name of DIFFS) {
    const text = holder[name]
    if (typeof text !== 'string') continue
    const blocks = readBlocks(text)
    const parts = blocks.length > 0 ? blocks : (readUnified(text) ?? [])
    if (parts.length > 0)
      return parts.map(({ before, after }) => ({
        before,
        after,
        pointer: `${pointer}/${name}`,
        whole: false,
        lines: true,
      }))
  }
  const replaced = replacement(holder, pointer)
  if (replaced.length > 0) return replaced
  for (const name of CONTENT) {
    const after = holder[name]
    if (typeof after === 'string') {
      return [
        {
          before: undefined,
          after,
          pointer: `${pointer}/${name}`,
          whole: name !== 'code_edit' && name !== 'new_source',
        },
      ]
    }
  }
  return []
}

function replacement(holder: JsonObject, pointer: string): readonly WrittenText[] {
  const before = textOf(holder, OLD)
  const after = textOf(holder, NEW)
  // Taking a part out may be written without anything in its place.
  if (after === undefined && before === undefined) return []
  return [
    {
      before: before?.text ?? '',
      after: after?.text ?? '',
      pointer: `${pointer}/${(after ?? before)?.name ?? ''}`,
      whole: false,
    },
  ]
}

function textOf(
  holder: JsonObject,
  names: readonly string[],
): { readonly name: string; readonly text: string } | undefined {
  for (const name of names) {
    const text = holder[name]
    if (typeof text === 'string') return { name, text }
  }
  return undefined
}
