const FURTHEST = 3

/** The word that was probably meant: the one with the fewest edits, at most three and fewer than half. */
export function closestWord(word: string, words: readonly string[]): string | undefined {
  let best: string | undefined
  let fewest = Math.min(FURTHEST, Math.floor(word.length / 2)) + 1
  for (const candidate of words) {
    const edits = editDistance(word, candidate)
    if (edits < fewest) {
      fewest = edits
      best = candidate
    }
  }
  return best
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost))
    }
    row = next
  }
  return row[b.length] ?? 0
}
