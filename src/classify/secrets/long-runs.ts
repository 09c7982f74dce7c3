import { CodePage } from './code-page.ts'

/** A part of a text, half-open. */
export interface Run {
  readonly start: number
  readonly end: number
}

/** Which characters make a run, and how many of them at least. */
export interface RunForm {
  readonly members: Uint8Array
  readonly shortest: number
}

/** One byte for each code unit that there is, so that none has to be compared first. */
const CODES = 65_536
const DIGITS = '0123456789'
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

const page = new CodePage()

export const BASE64_RUN: RunForm = formOf(`${LETTERS.toUpperCase()}${LETTERS}${DIGITS}+/_-`, 24)
export const HEX_RUN: RunForm = formOf(`${DIGITS}abcdefABCDEF`, 32)

/**
 * Where so many characters of one form or more stand in a row, each run as long as it is. Looks at a fraction of a text
 * that has none: one character of `shortest`.
 */
export function longRuns(
  text: string,
  { members, shortest }: RunForm,
  { start: from, end: to }: Run = { start: 0, end: text.length },
): readonly Run[] {
  const codes = page.of(text.slice(from, to))
  const last = to - from
  const runs: Run[] = []
  for (let at = shortest - 1; at < last;) {
    if (members[codes[at] ?? 0] !== 1) {
      at += shortest
      continue
    }
    let start = at
    while (start > 0 && members[codes[start - 1] ?? 0] === 1) start -= 1
    let end = at + 1
    while (end < last && members[codes[end] ?? 0] === 1) end += 1
    if (end - start >= shortest) runs.push({ start: from + start, end: from + end })
    at = end + shortest
  }
  return runs
}

function formOf(characters: string, shortest: number): RunForm {
  const members = new Uint8Array(CODES)
  for (const char of characters) members[char.charCodeAt(0)] = 1
  return { members, shortest }
}
