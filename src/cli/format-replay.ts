import type { Effects, Ranked, ReplayReport, ReplayTransition } from '../server/replay/replay-answer.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

const DIRECTIONS = [
  ['loosened', 'red', 'loosened'],
  ['tightened', 'green', 'tightened'],
  ['otherwise', 'yellow', 'asks others'],
] as const

/** What other policies would have made of past calls, for people. */
export function replayText(io: Io, report: ReplayReport): string {
  const { transitions, from, to, baseline } = report
  if (from === undefined || to === undefined) return 'no decision of that time is on record\n'
  const groups = DIRECTIONS.flatMap(([direction, colour, title]) => {
    const found = transitions.filter((each) => each.direction === direction)
    return found.length === 0 ? [] : [`${paint(io, colour, title)}\n`, ...found.map(transitionText)]
  })
  const against = baseline === undefined ? 'what is on record' : 'the policies in force'
  return [
    ...(groups.length === 0 ? ['nothing would be decided otherwise\n'] : groups),
    `\n${report.replayed} of ${report.decisions} decisions from ${from} to ${to}, compared with ${against}\n`,
    `before  ${effectsText(report.before)}\nafter   ${effectsText(report.after)}\n`,
    promptsText(report),
    ...skippedText(report),
  ].join('')
}

function effectsText({ allow, consent, deny }: Effects): string {
  return `allow ${allow}  consent ${consent}  deny ${deny}`
}

function promptsText({ prompts }: ReplayReport): string {
  const { before, after, beforePerWeek, afterPerWeek } = prompts
  return `prompts ${before} ▸ ${after}; a week ${beforePerWeek} ▸ ${afterPerWeek}\n`
}

function skippedText({ skipped, redacted }: ReplayReport): readonly string[] {
  const lines = [
    [skipped.erased, 'were erased and are left out'],
    [skipped['no-task'], 'are left out, since their task is not known any more'],
    [skipped['not-policy'] + skipped.empty, 'were not decided by policies and are left out'],
    [redacted, 'held secrets, which no policy sees again: they may differ'],
  ] as const
  return lines.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}\n`)
}

function transitionText(transition: ReplayTransition): string {
  const { from, to, rules, decisions, tools, humans, tasks, examples } = transition
  const noun = decisions === 1 ? 'decision' : 'decisions'
  const head = `  ${from} ▸ ${to} by ${rules.map(plainLine).join(', ')} (${decisions} ${noun})\n`
  const who = [
    ['tools', tools],
    ['humans', humans],
    ['tasks', tasks],
  ] as const
  const lines = who.map(([title, list]) => `    ${title} ${rankedText(list)}\n`)
  const shown = examples.map(
    ({ index, at, tool, what }) =>
      `    ${index}  ${at}  ${plainLine(tool)}${what === undefined ? '' : `  ${plainLine(what)}`}\n`,
  )
  return [head, ...lines, ...shown].join('')
}

const MOST_SHOWN = 3

function rankedText(list: Ranked): string {
  const shown = list.slice(0, MOST_SHOWN).map(({ name, decisions }) => `${plainLine(name)} ${decisions}`)
  return `${shown.join(', ')}${list.length > MOST_SHOWN ? ', …' : ''}`
}
