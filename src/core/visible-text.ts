/**
 * Text of strangers made safe to read: whatever has no ink, moves the cursor, turns the direction of writing or
 * hides (controls, format and bidi characters, line separators, odd spaces, variation selectors, fillers, tags,
 * unassigned and private characters, lone surrogates) is written as `\u{…}`, so that what a person sees is what
 * is there. Line feeds too: a stranger's text cannot pretend to be ours.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800]/gu

/** More combining marks on one letter than any language writes: they can bury the text around them. */
const PILED = /(\p{M}{4})(\p{M}+)/gu

export function visibleText(text: string): string {
  return text
    .replace(UNSEEN, escapeAll)
    .replace(PILED, (_, kept: string, rest: string) => kept + escapeAll(rest))
}

/** One line of a file: tabs stay, since they are what indents. */
export function visibleLine(text: string): string {
  return text.split('\t').map(visibleText).join('\t')
}

/** A long text with its middle folded: the end is always shown, since that is where things are hidden. */
export function foldText(text: string, head: number, tail: number): string {
  if (text.length <= head + tail + 40) return text
  const folded = text.length - head - tail
  return `${text.slice(0, head)} …[${folded} characters folded]… ${text.slice(-tail)}`
}

/** The same for lines. */
export function foldLines(lines: readonly string[], head: number, tail: number): readonly string[] {
  if (lines.length <= head + tail + 1) return lines
  const folded = lines.length - head - tail
  return [...lines.slice(0, head), `…[${folded} lines folded]…`, ...lines.slice(-tail)]
}

function escapeAll(text: string): string {
  let escaped = ''
  for (const char of text) escaped += `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
  return escaped
}
