/**
 * Whether a text holds another as a whole: `evil.example` does not stand in `notevil.example`. Places that overlap count
 * once.
 * @param range half-open, of where it may begin; default everywhere.
 */
export function standsIn(
  text: string,
  needle: string,
  { from, to }: { readonly from: number; readonly to: number } = { from: 0, to: text.length },
): boolean {
  // With the letters beside it.
  const start = Math.max(0, from - 1)
  const piece = text.slice(start, to + needle.length)
  let at = piece.indexOf(needle, from - start)
  while (at !== -1) {
    const end = at + needle.length
    if (!isPartOfWord(piece[at - 1]) && !isPartOfWord(text[start + end])) return true
    at = piece.indexOf(needle, end)
  }
  return false
}

function isPartOfWord(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}_-]/u.test(char)
}
