import { isDeepStrictEqual } from 'node:util'
import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { readTomlText } from '../import/read-toml-text.ts'
import { tomlStatements } from './toml-statements.ts'

/** One table, by what it is called from the root: made anew at the end, or taken out; or one key of the root. */
export type TomlEdit =
  | { readonly change: 'set'; readonly at: readonly string[]; readonly value: Json }
  | { readonly change: 'remove'; readonly at: readonly string[] }

/**
 * The text with these changes; all else stays as it is written, with the comments on lines of their own.
 * @throws RemitError `config_invalid` for a file that is no TOML, or that cannot be edited.
 */
export function editToml(name: string, given: string, edits: readonly TomlEdit[]): string {
  let text = given
  for (const edit of edits) {
    const meant = valueAfter(readTomlText(name, text), edit)
    const cut = withoutTable(text, edit.at)
    text = edit.change === 'set' ? withTable(cut, edit.at, edit.value) : cut
    // INVARIANT: what comes out reads as exactly what was meant.
    if (!isDeepStrictEqual(readTomlText(name, text), meant)) {
      throw new RemitError(
        'config_invalid',
        `\`${name}\` is written in a way that cannot be edited (at \`${edit.at.join('.')}\`); change it by hand`,
      )
    }
  }
  return text
}

function withoutTable(text: string, at: readonly string[]): string {
  const isOfIt = (path: readonly string[]): boolean => at.every((part, index) => path[index] === part)
  return tomlStatements(text)
    .filter(({ path }) => isOfIt(path))
    .toReversed()
    .reduce((rest, { from, to }) => joined(rest.slice(0, from), rest.slice(to)), text)
}

/** Of the empty lines around what was cut out, one side’s are enough. */
function joined(before: string, behind: string): string {
  const isParted = /(?:^|\n)[ \t]*\r?\n$/.test(before) || before === ''
  return before + (isParted ? behind.replace(/^(?:[ \t]*\r?\n)+/, '') : behind)
}

function withTable(text: string, at: readonly string[], value: Json): string {
  const feed = text.includes('\r\n') ? '\r\n' : '\n'
  // Behind the first table it would be a key of that.
  if (!isJsonObject(value)) return `${at.map(keyText).join('.')} = ${valueText(value)}${feed}${text}`
  const lines = [`[${at.map(keyText).join('.')}]`]
  for (const [key, item] of Object.entries(value)) lines.push(`${keyText(key)} = ${valueText(item)}`)
  const gap = text === '' ? '' : text.endsWith(feed + feed) ? '' : text.endsWith('\n') ? feed : feed + feed
  return `${text}${gap}${lines.map((line) => line + feed).join('')}`
}

function keyText(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
}

/** Escapes of JSON are escapes of TOML. */
function valueText(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(valueText).join(', ')}]`
  if (value === null) throw new TypeError('TOML has no word for nothing')
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, item]) => `${keyText(key)} = ${valueText(item)}`)
  return `{ ${members.join(', ')} }`
}

function valueAfter(root: JsonObject, { at: [key = '', ...rest], ...edit }: TomlEdit): JsonObject {
  const inner = root[key]
  const others = Object.fromEntries(Object.entries(root).filter(([each]) => each !== key))
  if (rest.length > 0) {
    const inside = inner !== undefined && isJsonObject(inner) ? inner : undefined
    if (inside === undefined && edit.change === 'remove') return root
    const after = valueAfter(inside ?? {}, { ...edit, at: rest })
    // A table that only its members spell out is gone with the last of them.
    return Object.keys(after).length === 0 ? others : { ...others, [key]: after }
  }
  return edit.change === 'remove' ? others : { ...others, [key]: (edit as { value: Json }).value }
}
