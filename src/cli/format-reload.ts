import type { ReloadAnswer } from '../api/contract.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

const SAID = {
  unchanged: ['green', 'nothing changed'],
  changed: ['green', 'in force now'],
  held: ['yellow', 'held: the change may loosen, so the old policies stay in force'],
} as const

/** What a reload came to, for people. */
export function reloadText(io: Io, answer: ReloadAnswer): string {
  const { status, hash, policies, changes, loosens = [], waiting } = answer
  const [colour, words] = SAID[status]
  const named = changes === undefined ? [] : Object.entries(changes).filter(([, ids]) => ids.length > 0)
  const lines = [
    `${paint(io, colour, words)}: ${policies} policies, hash ${hash}`,
    ...named.map(([kind, ids]) => plainLine(`${kind}: ${ids.join(', ')}`)),
    ...looseningLines(loosens),
    ...waiting.map((held) => `waits for a second person: ${held} (see \`remit policy pending\`)`),
  ]
  return `${lines.join('\n')}\n`
}

/** What of a change may loosen, one line a policy. */
export function looseningLines(loosens: NonNullable<ReloadAnswer['loosens']>): readonly string[] {
  return loosens.map(({ what, how }) => plainLine(`may loosen: ${how}: ${what}`))
}
