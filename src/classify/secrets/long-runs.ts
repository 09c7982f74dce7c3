/** A part of a text, half-open. */
export interface Run {
  readonly start: number
  readonly end: number
}

/** Characters of a run at least. */
const SHORTEST = 24

const IN_RUN = new Uint8Array(128)
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-') {
  IN_RUN[char.charCodeAt(0)] = 1
}

/**
 * Where 24 characters or more of base64 or hexadecimal stand in a row, each as long as it is. Looks at one character of
 * 24 where there is none.
 */
export function longRuns(text: string): readonly Run[] {
  const runs: Run[] = []
  for (let at = SHORTEST - 1; at < text.length;) {
    if (!isInRun(text, at)) {
      at += SHORTEST
      continue
    }
    let start = at
    while (start > 0 && isInRun(text, start - 1)) start -= 1
    let end = at + 1
    while (end < text.length && isInRun(text, end)) end += 1
    if (end - start >= SHORTEST) runs.push({ start, end })
    at = end + SHORTEST
  }
  return runs
}

function isInRun(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code < 128 && IN_RUN[code] === 1
}
