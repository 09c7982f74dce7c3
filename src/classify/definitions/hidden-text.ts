import { foldText } from '../fold-name.ts'
import { excerpt } from './excerpt.ts'

/** Always out of place: controls, tags, fillers, zero-width and direction overrides. */
const NEVER =
  // oxlint-disable-next-line no-control-regex no-misleading-character-class -- such characters are what is being looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}]/u

/** Flags of regions are spelt in tags behind a black flag: 🏴 and two to six letters or digits. */
const REGION_FLAG = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f}/gu
const TAGS = /[\u{e0000}-\u{e007f}]/u

/** Joiners belong between letters of scripts that join, and in emoji. */
const JOINER = /[\u200c\u200d]/u
const JOINED =
  /(?<=[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])[\u200c\u200d](?=[\p{L}\p{M}\p{Extended_Pictographic}]|\s|$)/gu

/** Variation selectors choose how the character before them looks; alone or in rows they are a cipher. */
const SELECTED =
  /(?<=[\p{Emoji}\p{S}\p{Script=Han}\p{Script=Mongolian}\p{P}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}](?![\ufe00-\ufe0f\u{e0100}-\u{e01ef}])/gu
const SELECTOR = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u

/** Marks of direction are needed where some of the text runs from right to left. */
const MARK = /[\u200e\u200f\u061c]/u
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u

/** Far enough for what follows to be out of sight. */
const PUSHED = / {150}|(?:[ \t]*\r?\n){20}|\u00a0{40}|\u2800{10}|\u3000{40}/u

/** Shown by no renderer of Markdown. */
const COMMENT = /<!--[\s\S]{0,2000}?-->|\[\/\/\]: # \(/u

const WORD = /[\p{L}\p{N}_]{2,}/gu

/** Where a text holds what its reader does not see, or letters that pass for others. @returns what to show of it. */
export function findHiddenText(text: string): string | undefined {
  if (isPlain(text) && !PUSHED.test(text) && !COMMENT.test(text)) return undefined
  const shown = text.replaceAll(REGION_FLAG, blank).replaceAll(JOINED, blank).replaceAll(SELECTED, blank)
  const found =
    firstOf(shown, NEVER, TAGS, JOINER, SELECTOR, PUSHED, COMMENT) ??
    (RIGHT_TO_LEFT.test(shown) ? undefined : firstOf(shown, MARK))
  if (found !== undefined) return excerpt(text, found.from, found.to)
  for (const match of shown.matchAll(WORD)) {
    if (isDisguised(match[0]))
      return `${excerpt(match[0], 0, match[0].length)} passes for ${foldText(match[0])}`
  }
  return undefined
}

function isPlain(text: string): boolean {
  return /^[\t\n\r -~]*$/.test(text)
}

/** As long as what it stands for, so that places stay. */
function blank(text: string): string {
  return ' '.repeat(text.length)
}

function firstOf(text: string, ...patterns: readonly RegExp[]) {
  for (const pattern of patterns) {
    const match = pattern.exec(text)
    if (match !== null) return { from: match.index, to: match.index + match[0].length }
  }
  return undefined
}

/**
 * A word of Latin letters some of which are of another script, or one all of other letters that reads as Latin.
 * A single letter beside a number is a unit or a variable: `10µs`.
 */
export function isDisguised(word: string): boolean {
  const latin = /[A-Za-z]/.test(word)
  const foreign =
    /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/u.test(word)
  if (latin && foreign) return /^[ -~]*$/.test(foldText(word)) && word.length > 2
  const styled = /[\u{1d400}-\u{1d7ff}\uff21-\uff3a\uff41-\uff5a]/u.test(word)
  return styled && word.length > 3
}
