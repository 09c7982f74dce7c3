import { CodePage } from './code-page.ts'

/** A hit of a keyword: which one, and where it begins. */
export type OnHit = (keyword: number, at: number) => void

const CELLS = 65_536

/**
 * Looks for many short words at once: a table by the first three characters, then a comparison. Words and text are
 * lower case; a word has two characters or more.
 */
export function createKeywordIndex(words: readonly string[]): (text: string, onHit: OnHit) => void {
  // Several beginnings share a cell; the comparison tells them apart.
  const cells: (number[] | undefined)[] = Array.from({ length: CELLS })
  const used = new Uint8Array(CELLS)
  for (const [at, word] of words.entries()) {
    for (const cell of cellsOf(word)) {
      used[cell] = 1
      const known = cells[cell]
      if (known === undefined) cells[cell] = [at]
      else if (known.at(-1) !== at) known.push(at)
    }
  }
  const page = new CodePage()
  return (text, onHit) => {
    const codes = page.of(text)
    const last = text.length - 1
    let first = codes[0] ?? 0
    let second = codes[1] ?? 0
    for (let at = 0; at < last; at += 1) {
      // Behind the end stands what does not belong there, and counts as 0.
      const third = at + 1 < last ? (codes[at + 2] ?? 0) : 0
      const cell = cellOf(first, second, third)
      first = second
      second = third
      if (used[cell] === 0) continue
      for (const word of cells[cell] ?? []) if (text.startsWith(words[word] ?? '', at)) onHit(word, at)
    }
  }
}

/** A word of two characters stands in the cells of whatever may follow. */
function cellsOf(word: string): readonly number[] {
  const [first, second] = [word.charCodeAt(0), word.charCodeAt(1)]
  if (word.length > 2) return [cellOf(first, second, word.charCodeAt(2))]
  return Array.from({ length: 128 }, (_, third) => cellOf(first, second, third))
}

function cellOf(first: number, second: number, third: number): number {
  return (((first & 127) << 9) ^ ((second & 127) << 5) ^ (third & 127)) & (CELLS - 1)
}
