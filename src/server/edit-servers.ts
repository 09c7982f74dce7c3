import { isDeepStrictEqual } from 'node:util'
import { type Document, isMap, isPair, isScalar, parseDocument, stringify, type YAMLMap } from 'yaml'
import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import { readYaml } from './yaml-source.ts'

/** A server as people write it. */
export type WrittenServer = Readonly<Record<string, unknown>>

/** The file to edit: how messages call it, and its text. */
export interface ConfigText {
  readonly name: string
  readonly text: string
}

/**
 * The text with one more server; everything else in it stays as it is written.
 * @throws RemitError `config_invalid` for a text that is no YAML, or that cannot be edited.
 */
export function withServer({ name, text }: ConfigText, key: string, server: WrittenServer): string {
  const before = rootOf(name, text)
  const after = { ...before, servers: { ...serversOf(before), [key]: server } }
  return firstThatReads(after, [
    () => insertBlock(text, key, server),
    () => throughDocument(text, (document) => document.setIn(['servers', key], server)),
  ])
}

/** @throws RemitError as `withServer`, and where there is no such server. */
export function withoutServer({ name, text }: ConfigText, key: string): string {
  const before = rootOf(name, text)
  const servers = serversOf(before)
  if (!Object.hasOwn(servers, key)) {
    throw new RemitError('config_invalid', `\`${name}\` has no server \`${key}\``)
  }
  const rest = Object.fromEntries(Object.entries(servers).filter(([each]) => each !== key))
  return firstThatReads({ ...before, servers: rest }, [
    () => cutBlock(text, key),
    () => throughDocument(text, (document) => document.deleteIn(['servers', key])),
  ])
}

/** Keys of the servers that are written there. */
export function writtenServers({ name, text }: ConfigText): ReadonlySet<string> {
  return new Set(Object.keys(serversOf(rootOf(name, text))))
}

/** INVARIANT: whatever way an edit takes, what comes out reads as exactly what was meant. */
function firstThatReads(meant: unknown, edits: readonly (() => string | undefined)[]): string {
  for (const edit of edits) {
    const text = edit()
    if (text !== undefined && isDeepStrictEqual(readAgain(text), meant)) return text
  }
  throw new RemitError(
    'config_invalid',
    'the file is written in a way that cannot be edited; change it by hand',
  )
}

function readAgain(text: string): unknown {
  try {
    return rootOf('', text)
  } catch {
    return undefined
  }
}

function rootOf(name: string, text: string): Readonly<Record<string, unknown>> {
  const value = readYaml(name, text).value as Json
  if (isJsonObject(value)) return value
  throw new RemitError('config_invalid', `${name}:1:1: the file must be a mapping`)
}

function serversOf(root: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return (root['servers'] ?? {}) as Readonly<Record<string, unknown>>
}

function insertBlock(text: string, key: string, server: WrittenServer): string | undefined {
  const found = findServers(text)
  if (found === undefined) return undefined
  const { map, keyEnd } = found
  if (keyEnd === undefined) return append(text, `servers:\n${blockOf(text, { [key]: server }, 2)}`)
  if (map === undefined || (map.flow === true && map.items.length === 0)) {
    const from = colonAfter(text, keyEnd)
    const to = map?.range?.[1] ?? from
    return `${text.slice(0, from)}${lineFeed(text)}${trimmedEnd(blockOf(text, { [key]: server }, 2))}${text.slice(to)}`
  }
  const first = map.items[0]
  const start = first === undefined ? undefined : startOf(first.key)
  if (map.flow === true || start === undefined) return undefined
  const at = lineEnd(text, contentEnd(text, map.range?.[1] ?? start))
  const block = blockOf(text, { [key]: server }, start - lineStart(text, start))
  return text[at - 1] === '\n'
    ? text.slice(0, at) + block + text.slice(at)
    : `${text.slice(0, at)}${lineFeed(text)}${block}${text.slice(at)}`
}

function cutBlock(text: string, key: string): string | undefined {
  const found = findServers(text)
  const { map, keyEnd } = found ?? {}
  if (map === undefined || keyEnd === undefined || map.flow === true) return undefined
  const at = map.items.findIndex((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
  const start = startOf(map.items[at]?.key)
  if (start === undefined) return undefined
  if (map.items.length === 1) {
    const end = contentEnd(text, map.range?.[1] ?? start)
    return `${text.slice(0, colonAfter(text, keyEnd))} {}${text.slice(end)}`
  }
  const next = startOf(map.items[at + 1]?.key)
  const from = at === 0 ? lineStart(text, start) : withComment(text, lineStart(text, start))
  const to =
    next === undefined
      ? lineEnd(text, contentEnd(text, map.range?.[1] ?? start))
      : lineEnd(text, contentEnd(text, endOf(map.items[at]?.value) ?? start))
  return text.slice(0, from) + text.slice(to)
}

/** `keyEnd`: where the key `servers` ends; undefined = there is none. `map`: undefined = it holds nothing. */
function findServers(text: string): { readonly map?: YAMLMap; readonly keyEnd?: number } | undefined {
  const { contents } = parseDocument(text)
  if (contents === null) return {}
  if (!isMap(contents) || contents.flow === true) return undefined
  const pair = contents.items.find((item) => isScalar(item.key) && item.key.value === 'servers')
  if (pair === undefined) return {}
  const keyEnd = endOf(pair.key)
  if (keyEnd === undefined) return undefined
  if (isMap(pair.value)) return { map: pair.value, keyEnd }
  return pair.value === null || (isScalar(pair.value) && pair.value.value === null) ? { keyEnd } : undefined
}

function throughDocument(text: string, change: (document: Document) => unknown): string | undefined {
  const document = parseDocument(text)
  try {
    change(document)
    return document.toString({ lineWidth: 0 })
  } catch {
    return undefined
  }
}

function blockOf(text: string, value: unknown, indent: number): string {
  const feed = lineFeed(text)
  const lines = stringify(value, { lineWidth: 0 }).trimEnd().split('\n')
  return lines.map((line) => (line === '' ? feed : `${' '.repeat(indent)}${line}${feed}`)).join('')
}

function append(text: string, block: string): string {
  const feed = lineFeed(text)
  const gap = text === '' || text.endsWith('\n') ? '' : feed
  return `${text}${gap}${block.replaceAll(/\r?\n/g, feed)}`
}

function lineFeed(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

function trimmedEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function colonAfter(text: string, keyEnd: number): number {
  return text.indexOf(':', keyEnd) + 1
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** Behind the line feed of the line. */
function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at)
  return feed < 0 ? text.length : feed + 1
}

/** Behind the last thing before `at` that is no white space. */
function contentEnd(text: string, at: number): number {
  return text.slice(0, at).trimEnd().length
}

/** Where the comment begins that stands right above a line, at the same depth; the line itself when there is none. */
function withComment(text: string, line: number): number {
  const depth = /^ */.exec(text.slice(line))?.[0] ?? ''
  let from = line
  while (from > 0) {
    const above = lineStart(text, from - 1)
    const words = text.slice(above, from)
    if (!words.startsWith(`${depth}#`)) return from
    from = above
  }
  return from
}

function startOf(node: unknown): number | undefined {
  return rangeOf(node)?.[0]
}

function endOf(node: unknown): number | undefined {
  return rangeOf(node)?.[1]
}

function rangeOf(node: unknown): readonly number[] | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined
  return Array.isArray(node.range) ? (node.range as readonly number[]) : undefined
}
