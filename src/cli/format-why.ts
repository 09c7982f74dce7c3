import type { WhyAnswer } from '../api/contract.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

const VERDICTS = {
  allow: ['green', 'was allowed'],
  consent: ['yellow', 'asked for consent'],
  deny: ['red', 'was denied'],
} as const
const LONGEST = 160

/** Asked, decided, to change, to ask: four parts that fit one screen. */
export function whyText(io: Io, why: WhyAnswer): string {
  const [colour, words] = VERDICTS[why.effect]
  const { call } = why.asked
  const what = call === undefined ? 'this' : `${call.server}__${call.tool}`
  const strong = (text: string): string => paint(io, 'bold', text)
  return [
    `${plainLine(what)} ${paint(io, colour, words)}  ${why.id}  ${why.at}`,
    strong('what was asked'),
    ...askedLines(why),
    strong(why.effect === 'allow' ? 'what let it through' : 'what decided'),
    ...ruleLines(why),
    ...(why.change.length === 0 ? [] : [strong(changeTitle(why))]),
    ...why.change.map((text) => `  ${short(text)}`),
    ...(why.ask.length === 0 ? [] : [strong('whom to ask')]),
    ...why.ask.flatMap(({ who, as, how }) => [
      `  ${who.length === 0 ? plainLine(as) : `${plainLine(who.join(', '))} (${plainLine(as)})`}`,
      `  they can: ${plainLine(how)}`,
    ]),
    ...why.notes.map((note) => `note: ${plainLine(note)}`),
    ...(why.effect === 'allow' || why.bare === true
      ? []
      : [paint(io, 'dim', `not clear, or wrong? remit why ${why.id} --report "…" puts it into the review`)]),
  ]
    .join('\n')
    .concat('\n')
}

function changeTitle({ effect }: WhyAnswer): string {
  return effect === 'allow' ? 'what would have stopped it' : 'what would have to change'
}

function askedLines({ asked, identity, approval, outcome }: WhyAnswer): readonly string[] {
  const { operations, more, intent } = asked
  return [
    ...operations.map((text) => `  ${short(text)}`),
    ...(more === 0 ? [] : [`  and ${more} more`]),
    ...(identity === undefined
      ? []
      : [
          `  by ${plainLine(identity.agent.id)} in ${identity.task} (${identity.workflow}) of ${identity.human}`,
        ]),
    ...(intent === undefined ? [] : [`  for: ${short(intent)}`]),
    ...(approval === undefined
      ? []
      : [
          `  request ${approval.id}: ${approval.state}${approval.approvers.length === 0 ? '' : ` by ${approval.approvers.join(', ')}`}`,
        ]),
    ...(outcome === undefined ? [] : [`  it ran: ${outcome.status}`]),
  ]
}

function ruleLines({ decidedBy }: WhyAnswer): readonly string[] {
  return decidedBy.flatMap(({ rule, says, place, facts }) => [
    `  ${plainLine(rule)}${place === undefined ? '' : ` (${plainLine(place)})`}${says === '' ? '' : `: ${plainLine(says)}`}`,
    ...facts.map(({ fact, value, from }) => `    ${short(`${fact} = ${value}`)}  ← ${plainLine(from)}`),
  ])
}

function short(text: string): string {
  const line = plainLine(text)
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`
}
