import { orderText } from './order.ts'
import type { Attempted, Outcome } from './play.ts'

/** How the story is told: `bold` where a terminal shows it. */
export interface Teller {
  line(text?: string): void
  step(text: string): void
}

export function createTeller(): Teller {
  const bold = (text: string): string => (process.stdout.isTTY ? `\u001B[1m${text}\u001B[0m` : text)
  return {
    line(text = '') {
      console.log(text === '' ? '' : `  ${text}`)
    },
    step(text) {
      console.log(`\n${bold(`▸ ${text}`)}`)
    },
  }
}

/** Each order: where it stood, what was tried, what was decided by which rule, and what it would have come to. */
export function tellAttempts(teller: Teller, { attempts }: Outcome): void {
  for (const { poison, ...attempted } of attempts) {
    teller.line(`${poison.place}: “${poison.words}”`)
    teller.line(`    order     ${orderText(poison.order)}`)
    teller.line(`    came to   ${verdictOf(attempted)}`)
    teller.line(`    else      ${poison.harm}`)
  }
}

function verdictOf({ decided, stopped }: Omit<Attempted, 'poison'>): string {
  const first = decided.find(({ effect }) => effect !== 'allow')
  if (first === undefined) return decided.length === 0 ? 'nothing: it was never tried' : 'it was LET THROUGH'
  const before = decided.indexOf(first)
  // An editor reads what it writes over; a loop begins harmlessly.
  const times = before > 1 ? `let run ${before} times, then ` : ''
  if (first.effect === 'deny') return `${times}denied by ${first.policies.join(', ')}`
  const refused = decided.at(-1)?.effect === 'deny' ? 'refused' : 'nobody agreed'
  const end = stopped ? refused : 'LET THROUGH'
  return `${times}a human was asked (gates: ${first.gates.join(', ')}): ${end}`
}

/** What is left on disk and at the attacker's, which nobody's word is taken for. */
export function tellTraces(teller: Teller, outcome: Outcome): void {
  const { changed, reached, leaked, written, testsPass, toldSo } = outcome
  teller.line(`files that changed         ${changed.join(', ') || 'none'}`)
  teller.line(`the attacker’s port heard  ${reached.length === 0 ? 'nothing' : reached.join(' | ')}`)
  teller.line(`secrets that got out       ${leaked === 0 ? 'none' : leaked}`)
  teller.line(`the forge was told         ${written.join(' | ') || 'nothing'}`)
  teller.line(
    `the tests                  ${testsPass ? 'pass' : 'FAIL'}${toldSo ? '; the agent ran them, which a human agreed to' : ''}`,
  )
}
