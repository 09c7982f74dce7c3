import { BASE64_RUN, HEX_RUN, longRuns, type Run } from './long-runs.ts'

/**
 * Other ways to read a text in which a secret may hide: percent escapes, escapes and joined pieces of string literals,
 * invisible and full-width characters, base64 and hexadecimal runs. Each view knows where in the text it came from.
 */
export interface DecodedView {
  readonly text: string
  /** Half-open range of the text that a range of the view came from. */
  origin(start: number, end: number): readonly [number, number]
}

const PERCENT = /%[0-9a-f]{2}/i
const ESCAPE = /\\(?:u00[2-7][0-9a-f]|x[2-7][0-9a-f]|["'/\\nrt]|\r?\n)/i
/** Two literals side by side or added up, with a piece of a word on both sides. */
const JOINED = /[\w+/=-](?:["'`]\s{0,40}(?:[+.&]|\\\r?\n)?\s{0,40}["'`])[\w+/=-]|[\w-]["']{2}[\w-]/
const SEAM = /["'`]\s{0,40}(?:[+.&]|\\\r?\n)?\s{0,40}["'`]/g
const PERCENT_ALL = /%[0-9a-f]{2}/gi
const ESCAPE_ALL = new RegExp(ESCAPE.source, 'gi')
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\uff01-\uff5e]/u
const UNSEEN_ALL = new RegExp(UNSEEN.source, 'gu')
/** Further lines of the same, and what fills up the last. */
const GOES_ON = /(?:\r?\n[A-Za-z0-9+/_-]{4,}){0,400}={0,2}/y
const MAX_RUNS = 200

/** The views that this text has; none for most. */
export function decodedViews(text: string): readonly DecodedView[] {
  const views: DecodedView[] = []
  if (text.includes('%') && PERCENT.test(text)) views.push(mapped(text, PERCENT_ALL, fromPercent))
  if (text.includes('\\') && ESCAPE.test(text)) views.push(mapped(text, ESCAPE_ALL, fromEscape))
  if (JOINED.test(text)) views.push(mapped(text, SEAM, () => ''))
  if (UNSEEN.test(text)) views.push(mapped(text, UNSEEN_ALL, fromUnseen))
  const runs = longRuns(text, BASE64_RUN)
  if (runs.length > 0) views.push(...base64Views(text, runs), ...hexViews(text, runs))
  return views
}

/** With every match of an expression read as what it stands for. */
function mapped(text: string, pieces: RegExp, read: (piece: string) => string): DecodedView {
  // Where plain text goes on: from here in the view, from there in the text.
  const here: number[] = [0]
  const there: number[] = [0]
  const parts: string[] = []
  let length = 0
  let plain = 0
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    const value = read(piece)
    parts.push(text.slice(plain, index), value)
    length += index - plain
    if (value !== '') {
      here.push(length)
      there.push(index)
    }
    length += value.length
    plain = index + piece.length
    here.push(length)
    there.push(plain)
  }
  parts.push(text.slice(plain))
  const position = (at: number): number => {
    let [low, high] = [0, here.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((here[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return (there[low] ?? 0) + at - (here[low] ?? 0)
  }
  // The last character says where the range ends, or what was cut out behind it would count too.
  return { text: parts.join(''), origin: (start, end) => [position(start), endOf(text, position(end - 1))] }

  function endOf(whole: string, at: number): number {
    pieces.lastIndex = 0
    const sticky = new RegExp(pieces.source, pieces.flags.replace('g', 'y'))
    sticky.lastIndex = at
    return at + (sticky.exec(whole)?.[0].length ?? 1)
  }
}

function fromPercent(piece: string): string {
  return String.fromCharCode(Number.parseInt(piece.slice(1), 16))
}

const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '', '\r': '' }

function fromEscape(piece: string): string {
  const next = piece[1] ?? ''
  if (next === 'u' || next === 'x') return String.fromCharCode(Number.parseInt(piece.slice(2), 16))
  return LETTERS[next] ?? next
}

function fromUnseen(piece: string): string {
  const code = piece.charCodeAt(0)
  return code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : ''
}

/** Each run that decodes to plain text is a view of its own, and a find in it takes the whole run. */
function base64Views(text: string, runs: readonly Run[]): readonly DecodedView[] {
  const views: DecodedView[] = []
  let left = MAX_RUNS
  let reached = 0
  for (const { start, end } of runs) {
    // Lines of one encoded text were read with the first.
    if (start < reached) continue
    if ((left -= 1) < 0) break
    GOES_ON.lastIndex = end
    reached = end + (GOES_ON.exec(text)?.[0].length ?? 0)
    addView(views, text, { encoding: 'base64', run: { start, end: reached } })
  }
  return views
}

function hexViews(text: string, runs: readonly Run[]): readonly DecodedView[] {
  const views: DecodedView[] = []
  let left = MAX_RUNS
  for (const run of runs.flatMap((within) => longRuns(text, HEX_RUN, within))) {
    // Half a byte at the end is none.
    if ((run.end - run.start) % 2 !== 0) continue
    if ((left -= 1) < 0) break
    addView(views, text, { encoding: 'hex', run })
  }
  return views
}

function addView(
  views: DecodedView[],
  text: string,
  { encoding, run }: { readonly encoding: 'base64' | 'hex'; readonly run: Run },
): void {
  const { start, end } = run
  const decoded = readable(text.slice(start, end), encoding, start === 0)
  if (decoded !== undefined) views.push({ text: decoded, origin: () => [start, end] })
}

/** A run that begins where the text was cut may begin inside a group of four. */
function readable(run: string, encoding: 'base64' | 'hex', cut: boolean): string | undefined {
  const offsets = encoding === 'base64' && cut && run.length > 200 ? [0, 1, 2, 3] : [0]
  for (const offset of offsets) {
    const head = Buffer.from(run.slice(offset, offset + 64), encoding).toString('latin1')
    // oxlint-disable-next-line no-control-regex -- what text is made of
    if (head.length >= 12 && /^[\t\n\r\u0020-\u007e\u00a0-\u00ff]+$/.test(head) && mostlyAscii(head)) {
      return Buffer.from(run.slice(offset), encoding).toString('latin1')
    }
  }
  return undefined
}

function mostlyAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the range of ASCII
  return text.replace(/[^\u0000-\u007f]/g, '').length >= text.length * 0.85
}
