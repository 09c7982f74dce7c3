import type { ToolReviewAnswer } from '../api/contract.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

export type ReviewedTool = ToolReviewAnswer['tool']

/** One tool as a reviewer must see it: what it is, what is wrong with it, and every difference. */
export function reviewText(io: Io, tool: ReviewedTool): string {
  return [
    `${paint(io, 'bold', plainLine(`${tool.server}__${tool.tool}`))}  ${statusText(io, tool)}`,
    `  digest   ${tool.digest}`,
    `  does     ${tool.actions.join(', ')} (${tool.source === 'inferred' ? 'inferred from its own words' : 'described'})`,
    ...tool.why.map((reason) => `           by its ${plainLine(reason)}`),
    ...tool.flags.map(
      ({ kind, where, text }) =>
        `  ${paint(io, 'red', 'warning')}  ${kind} in ${plainLine(where)}: ${plainLine(text)}`,
    ),
    ...tool.changes.flatMap(({ what, where, lines }) => [
      `  ${plainLine(where)} ${what}`,
      ...lines.map((line) => `    ${diffLine(io, line)}`),
    ]),
    '',
  ].join('\n')
}

function statusText(io: Io, { status, known, trusted, refused }: ReviewedTool): string {
  if (refused !== undefined) {
    return paint(io, 'red', `refused by ${plainLine(refused.by)}: ${plainLine(refused.reason)}`)
  }
  if (status === 'pending') {
    return paint(io, 'yellow', known ? 'off: changed since it was trusted' : 'off: new, and not reviewed')
  }
  const who = trusted?.human === undefined ? '' : ` by ${plainLine(trusted.human)}`
  return paint(io, 'green', `trusted (${trusted?.by ?? ''}${who})`)
}

function diffLine(io: Io, line: string): string {
  const text = plainLine(line)
  if (line.startsWith('+')) return paint(io, 'green', text)
  return line.startsWith('-') ? paint(io, 'red', text) : text
}
