/** A hit of a keyword: which one, and where it begins. */
export type OnHit = (keyword: number, at: number) => void

/**
 * Looks for many short words at once: a table by the first two characters, then a comparison. Words and text are
 * lower case.
 */
export function createKeywordIndex(words: readonly string[]): (text: string, onHit: OnHit) => void {
  // Codes beyond ASCII share cells; the comparison tells them apart.
  const cells: number[][] = Array.from({ length: 128 * 128 }, () => [])
  for (const [at, word] of words.entries()) cells[cellOf(word, 0)]?.push(at)
  const used = Uint8Array.from(cells, (cell) => (cell.length > 0 ? 1 : 0))
  return (text, onHit) => {
    for (let at = 0; at < text.length - 1; at += 1) {
      const cell = cellOf(text, at)
      if (used[cell] === 0) continue
      for (const word of cells[cell] ?? []) if (text.startsWith(words[word] ?? '', at)) onHit(word, at)
    }
  }
}

function cellOf(text: string, at: number): number {
  return ((text.charCodeAt(at) & 127) << 7) | (text.charCodeAt(at + 1) & 127)
}
