import type { ReviewAnswer, ReviewItem, ReviewState } from '../api/contract.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

export const SECTION_TITLES: Readonly<Record<ReviewItem['section'], string>> = {
  reported: 'reported: not clear, or wrong',
  'missing-permit': 'denials that look like missing permits',
  'second-look': 'approvals worth a second look',
  'combined-surface': 'what tasks could join',
  'standing-authority': 'humans with standing authority',
  'new-surface': 'new surface since the last review',
  'answered-alike': 'gates that are always answered alike',
  'unused-permit': 'permits that let nothing through',
  ledger: 'the ledger itself',
}

/** @param all also what is settled, and what is beyond the first of a section. */
export function reviewText(io: Io, { state, report, running }: ReviewAnswer, all: boolean): string {
  const head = stateLines(io, state)
  if (report === undefined) return [...head, progressText(running)].join('\n').concat('\n')
  const { items, decisions, looked, whole, digest, from } = report
  const open = items.filter(({ settled }) => !settled)
  return [
    ...head,
    `since ${new Date(from).toISOString()}: ${looked} records, ${decisions} decisions looked at in ${report.took} ms${whole ? '' : '; there were more, the oldest are left out'}`,
    ...sections(io, all ? items : open, { all, more: report.more }),
    '',
    `${open.length} open, ${items.length - open.length} settled; digest ${digest}`,
    paint(io, 'dim', 'remit review mark <item> …, then remit review sign-off --comment "…"'),
  ]
    .join('\n')
    .concat('\n')
}

export function progressText(running: ReviewAnswer['running']): string {
  return running === undefined
    ? 'no report yet'
    : `a report is being made: ${running.looked} of ${running.of} records looked at`
}

function stateLines(io: Io, { due, overdue, owner, last }: ReviewState): readonly string[] {
  const day = new Date(due).toISOString().slice(0, 10)
  const whose = `, by ${owner === undefined ? 'any admin' : plainLine(owner)}`
  return [
    overdue ? `${paint(io, 'red', `overdue since ${day}`)}${whose}` : `due ${day}${whose}`,
    last === undefined
      ? 'nobody has signed off a review yet'
      : `last signed off by ${plainLine(last.by)} at ${new Date(last.at).toISOString()}: ${last.items} items, ${last.open} open`,
  ]
}

const FIRST = 10

function sections(
  io: Io,
  items: readonly ReviewItem[],
  { all, more }: { readonly all: boolean; readonly more: NonNullable<ReviewAnswer['report']>['more'] },
): readonly string[] {
  return Object.entries(SECTION_TITLES).flatMap(([section, title]) => {
    const own = items.filter((item) => item.section === section)
    if (own.length === 0) return []
    const shown = all ? own : own.slice(0, FIRST)
    const left = own.length - shown.length + (more[section as ReviewItem['section']] ?? 0)
    return [
      '',
      paint(io, 'bold', title),
      ...shown.flatMap((item) => itemLines(io, item)),
      ...(left === 0 ? [] : [`  and ${left} more${all ? '' : ': --all'}`]),
    ]
  })
}

function itemLines(io: Io, item: ReviewItem): readonly string[] {
  const { id, says, records, owner, comment, mark } = item
  return [
    `  ${paint(io, 'dim', id)} ${plainLine(says)}${owner === undefined ? '' : ` (owner ${plainLine(owner)})`}`,
    ...(comment === undefined ? [] : [`    “${plainLine(comment)}”`]),
    ...(records.length === 0 ? [] : [`    ${records.map(plainLine).join(' ')}`]),
    ...(mark === undefined ? [] : [`    ${markText(mark)}`]),
  ]
}

function markText({ mark, by, until, comment }: NonNullable<ReviewItem['mark']>): string {
  const time = until === undefined ? '' : ` until ${new Date(until).toISOString().slice(0, 10)}`
  return `${mark}${time} by ${plainLine(by)}${comment === undefined ? '' : `: ${plainLine(comment)}`}`
}
