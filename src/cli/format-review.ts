import type { ToolReviewAnswer } from '../api/contract.ts'
import { SERVER_PIN } from '../core/tool-pin.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

export type ReviewedTool = ToolReviewAnswer['tool']

/** One tool as a reviewer must see it: what it is, what is wrong with it, and every difference. */
export function reviewText(io: Io, tool: ReviewedTool): string {
  return [
    `${paint(io, 'bold', plainLine(nameOf(tool)))}  ${statusText(io, tool)}`,
    `  digest   ${tool.digest}`,
    ...doesText(tool),
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

function nameOf({ server, tool }: ReviewedTool): string {
  return tool === SERVER_PIN ? `${server} itself (${SERVER_PIN})` : `${server}__${tool}`
}

function doesText({ tool, actions, source }: ReviewedTool): readonly string[] {
  if (tool === SERVER_PIN) return ['  its tools are off for as long as it is not trusted']
  return [
    `  does     ${actions.join(', ')} (${source === 'inferred' ? 'inferred from its own words' : 'described'})`,
  ]
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
