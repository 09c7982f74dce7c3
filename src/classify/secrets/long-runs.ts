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

const DIGITS = '0123456789'
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

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
  const isMember = (at: number): boolean => {
    const code = text.charCodeAt(at)
    return code < 128 && members[code] === 1
  }
  const runs: Run[] = []
  for (let at = from + shortest - 1; at < to;) {
    if (!isMember(at)) {
      at += shortest
      continue
    }
    let start = at
    while (start > from && isMember(start - 1)) start -= 1
    let end = at + 1
    while (end < to && isMember(end)) end += 1
    if (end - start >= shortest) runs.push({ start, end })
    at = end + shortest
  }
  return runs
}

function formOf(characters: string, shortest: number): RunForm {
  const members = new Uint8Array(128)
  for (const char of characters) members[char.charCodeAt(0)] = 1
  return { members, shortest }
}
