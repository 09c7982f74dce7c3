import type { CoverAnswer, CoversAnswer } from '../api/contract.ts'
import type { Cover } from '../core/cover.ts'
import { parseDuration } from '../server/parse-units.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, type Invocation, textFlag, UsageError } from './command.ts'
import { table } from './paint.ts'
import { plainLine } from './plain-text.ts'

const UNTIL = {
  name: 'until',
  takes: 'time',
  required: true,
  summary: 'a date (2026-12-24), a time in RFC 3339, or how long, as 3d or 8h',
} as const

export const approvalsAway: Command = {
  path: 'approvals away',
  summary: 'say that you are away: you do not count as somebody who could answer',
  positionals: [],
  flags: [
    UNTIL,
    { name: 'deputy', takes: 'human', summary: 'who agrees for you meanwhile, with what you may decide' },
  ],
  notes:
    'In place of what you said before. Needs your approver code, and for a deputy what\na decision of high severity needs. Back early: `remit approvals back`.',
  run: (invocation) => put(invocation, { away: true, deputy: textFlag(invocation, 'deputy') }),
}

export const approvalsDeputy: Command = {
  path: 'approvals deputy',
  summary: 'let somebody agree for you until a date, with what you may decide',
  positionals: [{ name: 'human', summary: 'who agrees for you' }],
  flags: [UNTIL],
  notes:
    'The record shows both. A deputy has no deputy, and together you count once in a\nquorum. In place of what you said before; `remit approvals back` ends it.',
  run: (invocation) => put(invocation, { away: false, deputy: invocation.positionals[0] }),
}

export const approvalsBack: Command = {
  path: 'approvals back',
  summary: 'say that you are there again, and end that somebody agrees for you',
  positionals: [],
  flags: [{ name: 'human', takes: 'human', summary: 'for somebody else, as an admin' }],
  run: async (invocation) => {
    const human = textFlag(invocation, 'human')
    const client = await openAdminClient(invocation, 'decide')
    const answer = await client.post<CoverAnswer>('/covers/end', human === undefined ? {} : { human })
    const { io, json } = invocation
    const who = plainLine(answer.cover.human)
    io.out(json ? `${JSON.stringify(answer)}\n` : `ended: ${who} is there and agrees for themselves\n`)
    return 0
  },
}

export const approvalsCovers: Command = {
  path: 'approvals covers',
  summary: 'who is away, and who agrees for whom',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const { io, json } = invocation
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<CoversAnswer>('/covers')
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.covers.length === 0) io.out('nobody is away, and nobody agrees for somebody else\n')
    else io.out(table([['HUMAN', 'AWAY', 'DEPUTY', 'UNTIL'], ...answer.covers.map(row)]))
    return 0
  },
}

async function put(
  invocation: Invocation,
  said: { readonly away: boolean; readonly deputy: string | undefined },
): Promise<0> {
  const until = untilOf(textFlag(invocation, 'until') ?? '')
  const { away, deputy } = said
  const client = await openAdminClient(invocation, 'decide')
  const answer = await client.post<CoverAnswer>('/covers', {
    until,
    away,
    ...(deputy === undefined ? {} : { deputy }),
  })
  const { io, json } = invocation
  io.out(json ? `${JSON.stringify(answer)}\n` : `${coverText(answer.cover)}\n`)
  return 0
}

/** Milliseconds since the epoch. A date alone is its beginning, UTC. */
function untilOf(text: string): number {
  const span = parseDuration(text)
  const at =
    span === undefined && /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Date.now() + (span ?? NaN)
  if (Number.isFinite(at)) return Math.floor(at)
  throw new UsageError(
    `\`--until\` must be a date, a time in RFC 3339, or a time like 3d (found \`${text}\`)`,
  )
}

function coverText({ human, away, deputy, until }: Cover): string {
  const said = [
    ...(away ? [`${human} is away`] : []),
    ...(deputy === undefined ? [] : [`${deputy} agrees for ${human}`]),
  ]
  return plainLine(`${said.join(', and ')} until ${new Date(until).toISOString()}`)
}

function row({ human, away, deputy, until }: Cover): readonly string[] {
  return [plainLine(human), away ? 'away' : '', plainLine(deputy ?? ''), new Date(until).toISOString()]
}
