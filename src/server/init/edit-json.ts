import { isDeepStrictEqual } from 'node:util'
import { findNodeAtLocation, type Node } from 'jsonc-parser'
import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { type JsonDocument, parseJsonDocument } from './json-document.ts'
import { placeAt } from './place-at.ts'
import { cutMember, putMember, type TextStyle, writtenLike } from './json-text.ts'

/** Keys of objects, and places in lists. */
export type JsonPath = readonly (string | number)[]

/** One change of a document. What is set is made with the objects above it; nothing is removed that is not there. */
export type JsonEdit =
  | { readonly change: 'set'; readonly at: JsonPath; readonly value: Json }
  | { readonly change: 'append'; readonly at: JsonPath; readonly value: Json }
  | { readonly change: 'remove'; readonly at: JsonPath }

/**
 * The text with these changes, one after the other; all else stays as it is written, comments, order and line ends included.
 * @throws RemitError `config_invalid` for a file that is no JSON, or that cannot be edited.
 */
export function editJson(name: string, text: string, edits: readonly JsonEdit[]): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  let document = parseJsonDocument(name, text.slice(mark.length))
  for (const edit of edits) {
    checkPlace(name, document, edit)
    const meant = valueAfter(document.value, edit)
    const after = parseJsonDocument(name, textAfter(document, edit))
    // INVARIANT: what comes out reads as exactly what was meant.
    if (!isDeepStrictEqual(after.value, meant)) {
      throw new RemitError(
        'config_invalid',
        `\`${name}\` is written in a way that cannot be edited (at \`${edit.at.join('.')}\`; is a key there twice?); change it by hand`,
      )
    }
    document = after
  }
  return mark + document.text
}

/** Nothing that its human wrote is overwritten to make room. */
function checkPlace(name: string, { text, root }: JsonDocument, { change, at }: JsonEdit): void {
  if (change === 'remove') return
  const depths = at.map((_key, index) => at.slice(0, index + (change === 'append' ? 1 : 0)))
  for (const path of depths) {
    const node = findNodeAtLocation(root, [...path])
    const type = change === 'append' && path.length === at.length ? 'array' : 'object'
    if (
      node === undefined ||
      node.type === type ||
      (node.type === 'array' && typeof at[path.length] === 'number')
    )
      continue
    throw new RemitError(
      'config_invalid',
      `${name}:${placeAt(text, node.offset)}: \`${path.join('.')}\` must be ${type === 'array' ? 'a list' : 'an object'}`,
    )
  }
}

function textAfter({ text, root }: JsonDocument, edit: JsonEdit): string {
  const style = writtenLike(text)
  const node = findNodeAtLocation(root, [...edit.at])
  if (edit.change === 'remove') return node === undefined ? text : cutMember(text, memberOf(node))
  if (edit.change === 'append' && node?.type === 'array') {
    return putMember(text, node, { value: edit.value, style })
  }
  const value = edit.change === 'append' ? [edit.value] : edit.value
  if (node !== undefined) return replaced(text, node, { value, style })
  return insertBelow({ text, root }, edit.at, { value, style })
}

function insertBelow(
  { text, root }: Pick<JsonDocument, 'text' | 'root'>,
  at: JsonPath,
  { value, style }: { readonly value: Json; readonly style: TextStyle },
): string {
  for (let depth = at.length - 1; depth >= 0; depth -= 1) {
    const parent = findNodeAtLocation(root, at.slice(0, depth))
    if (parent === undefined) continue
    const whole = at.slice(depth + 1).reduceRight<Json>((inner, key) => ({ [key]: inner }), value)
    return putMember(text, parent, { key: String(at[depth]), value: whole, style })
  }
  return text
}

/** The property that a value belongs to, or the value itself in a list. */
function memberOf(node: Node): Node {
  return node.parent?.type === 'property' ? node.parent : node
}

function replaced(
  text: string,
  node: Node,
  { value, style }: { readonly value: Json; readonly style: TextStyle },
): string {
  return (
    text.slice(0, node.offset) + style.write(text, value, node.offset) + text.slice(node.offset + node.length)
  )
}

function valueAfter(root: JsonObject, edit: JsonEdit): Json {
  return changed(root, edit.at, (before) => {
    if (edit.change === 'remove') return undefined
    if (edit.change === 'set') return edit.value
    return Array.isArray(before) ? [...(before as readonly Json[]), edit.value] : [edit.value]
  })
}

function changed(
  value: Json | undefined,
  [key, ...rest]: JsonPath,
  change: (before: Json | undefined) => Json | undefined,
): Json {
  if (key === undefined) return change(value) ?? null
  if (Array.isArray(value)) {
    const at = Number(key)
    const inside = rest.length === 0 ? change(value[at] as Json) : changed(value[at] as Json, rest, change)
    return (value as readonly Json[]).flatMap((item, index) => (index === at ? (inside ?? []) : [item]))
  }
  const object = value !== undefined && isJsonObject(value) ? value : {}
  const before = Object.hasOwn(object, key) ? object[key] : undefined
  const inside = rest.length === 0 ? change(before) : changed(before, rest, change)
  if (inside !== undefined) return { ...object, [key]: inside }
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== String(key)))
}
