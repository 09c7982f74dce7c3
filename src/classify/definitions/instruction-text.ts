import { foldText } from '../fold-name.ts'
import { asWritten, excerpt } from './excerpt.ts'
import { FOREIGN_ORDERS } from './foreign-orders.ts'
import { ORDERS } from './orders.ts'

/** "Never apply without showing the plan to the user" is the opposite of hiding it. */
const ASSURANCE = /\b(?:never|not|n['’]t|cannot) (?:\w+ ){0,3}without\b/

/** A heading in the voice of a system: `CRITICAL SYSTEM UPDATE:`. Honest warnings are one word, or say of what. */
const LOUD =
  /\b(?:(?:[A-Z]{3,} ){1,4})(?:UPDATE|PROTOCOL|NOTICE|OVERRIDE|ENHANCEMENT|CHECK|VALIDATION|VERIFICATION|ALERT|DIRECTIVE|INSTRUCTIONS?|OPTIMIZATION|COMPLIANCE|REQUIREMENT|POLICY|MANDATE|COMMAND|ORDER|PATCH|MESSAGE)\b ?:|\b(?:SYSTEM|SECURITY|ADMIN|ROOT|COMPLIANCE|PRIVILEGE) (?:[A-Z]+ ){0,3}[A-Z]+ ?:/

/** Where a text speaks to the model rather than about the tool. @returns what to show of it. */
export function findInstruction(text: string): string | undefined {
  const loud = LOUD.exec(text)
  if (loud !== null) return excerpt(text, loud.index, loud.index + loud[0].length)
  const folded = foldText(text).replaceAll(/[^\S\n]+/g, ' ')
  for (const { pattern, unless, notFirst, about } of ORDERS) {
    for (const match of folded.matchAll(pattern)) {
      if (about?.test(match[0]) === false) continue
      if (unless?.test(folded.slice(Math.max(0, match.index - 80), match.index)) === true) continue
      if (ASSURANCE.test(match[0])) continue
      if (notFirst === true && folded.slice(0, match.index).trim() === '') continue
      return excerpt(asWritten(text, folded), match.index, match.index + match[0].length)
    }
  }
  const plain = withoutAccents(text)
  const foreign = FOREIGN_ORDERS.exec(plain)
  return foreign === null ? undefined : excerpt(plain, foreign.index, foreign.index + foreign[0].length)
}

/** Lower case, and Latin letters without their accents; other scripts as they are. */
function withoutAccents(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/(?<=[a-z])\p{M}+/gu, '')
    .normalize('NFC')
}
