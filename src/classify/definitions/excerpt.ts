import { visibleText } from '../../core/visible-text.ts'

const AROUND = 40
const MOST = 160

/** A part of a text with a little of what stands around it, on one line, with what has no ink made visible. */
export function excerpt(text: string, from: number, to: number): string {
  const start = from <= AROUND ? 0 : wordFrom(text, from - AROUND, from)
  const end = Math.min(text.length, Math.min(to, from + MOST) + AROUND)
  const part = text
    .slice(start, end)
    .replaceAll(/[\n\r\t ]+/g, ' ')
    .trim()
  return `${start > 0 ? '…' : ''}${visibleText(part)}${end < text.length ? '…' : ''}`
}

/** Where the next word begins, unless that is at `latest` or beyond. */
function wordFrom(text: string, at: number, latest: number): number {
  const space = text.indexOf(' ', at)
  return space < 0 || space >= latest ? at : space
}

/** The text itself where folding left every letter in its place, else what folding made of it. */
export function asWritten(text: string, folded: string): string {
  return text.length === folded.length ? text : folded
}
