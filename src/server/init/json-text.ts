import { createScanner, type Node } from 'jsonc-parser'
import type { Json } from '../../core/json.ts'

/** How a file is written: line ends and one step of indentation. */
export interface TextStyle {
  readonly feed: string
  /** @param offset where it will stand: lines after the first are as deep as that line. */
  write(text: string, value: Json, offset: number): string
  readonly step: string
}

export function writtenLike(text: string): TextStyle {
  const feed = text.includes('\r\n') ? '\r\n' : '\n'
  const step = /^[ \t]+(?=["}\]])/m.exec(text)?.[0] ?? '  '
  return {
    feed,
    step,
    write: (within, value, offset) => {
      const lines = JSON.stringify(value, undefined, step).split('\n')
      return lines.join(feed + depthAt(within, offset))
    },
  }
}

interface NewMember {
  /** Absent in a list. */
  readonly key?: string
  readonly value: Json
  readonly style: TextStyle
}

/**
 * A member more at the end of an object or list. Behind a comment that stands on the line of what was last, which it
 * belongs to.
 */
export function putMember(text: string, parent: Node, { key, value, style }: NewMember): string {
  const name = key === undefined ? '' : `${JSON.stringify(key)}: `
  const last = parent.children?.at(-1)
  const close = parent.offset + parent.length - 1
  if (last === undefined) return putFirst(text, parent, { name, value, style })
  const end = last.offset + last.length
  const { comma } = commaIn(text, end, close)
  const isOneLine = !text.slice(parent.offset, close).includes('\n')
  if (isOneLine) {
    const at = comma === undefined ? end : comma + 1
    return `${text.slice(0, at)}${comma === undefined ? ',' : ''} ${name}${JSON.stringify(value)}${text.slice(at)}`
  }
  const lineOfLast = depthAt(text, last.offset)
  const behind = Math.min(lineEnd(text, comma ?? end), lastContent(text, close))
  const at = Math.max(behind, comma === undefined ? end : comma + 1)
  const line = `${style.feed}${lineOfLast}${name}${style.write(text, value, last.offset)}`
  return [
    text.slice(0, end),
    comma === undefined ? ',' : '',
    text.slice(end, at),
    line,
    // As the list ends everywhere in this file, or did here.
    comma === undefined ? '' : ',',
    text.slice(at),
  ].join('')
}

function putFirst(
  text: string,
  parent: Node,
  { name, value, style }: { readonly name: string; readonly value: Json; readonly style: TextStyle },
): string {
  const close = parent.offset + parent.length - 1
  // All on one line, as its program writes it.
  if (!text.includes('\n') && text.trim() !== '{}') {
    return `${text.slice(0, close)}${name}${JSON.stringify(value)}${text.slice(close)}`
  }
  const depth = depthAt(text, parent.offset)
  const inside = style.write(text, value, parent.offset).replaceAll('\n', `\n${style.step}`)
  // Comments within stay where they are.
  const before = text.slice(0, close).trimEnd()
  return `${before}${style.feed}${depth}${style.step}${name}${inside}${style.feed}${depth}${text.slice(close)}`
}

/** Without one member of an object or list; the comments around it stay. */
export function cutMember(text: string, member: Node): string {
  const siblings = member.parent?.children ?? []
  const at = siblings.findIndex(({ offset }) => offset === member.offset)
  const close = (member.parent?.offset ?? 0) + (member.parent?.length ?? 1) - 1
  const end = member.offset + member.length
  const { comma } = commaIn(text, end, siblings[at + 1]?.offset ?? close)
  const before = siblings[at - 1]
  const previous =
    before === undefined ? undefined : commaIn(text, before.offset + before.length, member.offset).comma
  const isLast = at === siblings.length - 1
  const [from, to] = wholeLines(text, member.offset, comma === undefined ? end : comma + 1)
  const rest = text.slice(to)
  // The comma of the one before would be left at the end of the list.
  if (isLast && comma === undefined && previous !== undefined) {
    return text.slice(0, previous) + text.slice(previous + 1, from) + rest
  }
  return text.slice(0, from) + rest
}

/** The line feed goes with what was alone on its lines; a comment on the last line stays, as deep as it was. */
function wholeLines(text: string, from: number, to: number): readonly [number, number] {
  const start = lineStart(text, from)
  const isAloneBefore = text.slice(start, from).trim() === ''
  const end = lineEnd(text, to)
  const isAloneBehind = text.slice(to, end).trim() === ''
  if (isAloneBefore && isAloneBehind) {
    const feed = text.startsWith('\r\n', end) ? 2 : text.startsWith('\n', end) ? 1 : 0
    return [start, end + feed]
  }
  const blanks = /^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0
  return [from, to + blanks]
}

/** The comma between two members, or behind the last; comments in between are passed over. */
function commaIn(text: string, from: number, to: number): { readonly comma?: number } {
  const scanner = createScanner(text.slice(from, to), true)
  // Without comments and blanks, the first that comes is it, or there is none.
  scanner.scan()
  const at = from + scanner.getTokenOffset()
  return text[at] === ',' && at < to ? { comma: at } : {}
}

/** Blanks at the beginning of the line. */
function depthAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? ''
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** Before its line end. */
function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at)
  if (feed < 0) return text.length
  return text[feed - 1] === '\r' ? feed - 1 : feed
}

/** Behind the last thing before `at` that is no white space. */
function lastContent(text: string, at: number): number {
  return text.slice(0, at).trimEnd().length
}
