import type { FatigueAnswer } from '../api/contract.ts'
import { parseDuration } from '../server/parse-units.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag, UsageError } from './command.ts'
import { paint, table } from './paint.ts'
import { plainLine } from './plain-text.ts'

const PROPOSALS = {
  automate: 'people nearly always agree: consider a rule that permits it',
  deny: 'people nearly always refuse: consider a rule that forbids it',
} as const

export const approvalsReport: Command = {
  path: 'approvals report',
  summary: 'how much people are asked, by rule and by task, and which rules could decide',
  positionals: [],
  flags: [
    { name: 'since', takes: 'time', summary: 'requests of this last time, as 7d or 12h (default 30d)' },
  ],
  notes:
    'A rule that people approved in more than 95 % of at least 50 answers is proposed\nfor automation, one that they refused in more than 80 % for denial. Nothing is\nchanged.',
  run: async (invocation) => {
    const { io, json } = invocation
    const since = textFlag(invocation, 'since')
    const span = parseDuration(since ?? '30d')
    if (span === undefined || span === 0)
      throw new UsageError(`\`--since\` must be a time like 7d or 12h (found \`${since ?? ''}\`)`)
    const client = await openAdminClient(invocation, 'read')
    const until = Date.now()
    const report = await client.get<FatigueAnswer>('/approvals/report', { from: until - span, until })
    if (json) io.out(`${JSON.stringify(report)}\n`)
    else io.out(reportText(report, (text) => paint(io, 'bold', text)))
    return 0
  },
}

/** @param strong how a proposal is made to be seen. */
export function reportText(report: FatigueAnswer, strong: (text: string) => string): string {
  const { all, rules, tasks, whole, moreTasks } = report
  if (all.asked === 0) return 'nobody was asked anything\n'
  const head = ['ASKED', 'APPROVED', 'REFUSED', 'UNANSWERED', 'RATE', 'P50', 'P90']
  const proposed = rules.flatMap(({ policy, proposal }) =>
    proposal === undefined ? [] : [`${strong(plainLine(policy))}: ${PROPOSALS[proposal]}\n`],
  )
  return [
    `requests from ${new Date(report.from).toISOString()} on${whole ? '' : '; there were more, the oldest are left out'}\n\n`,
    table([
      [...head, 'RULE'],
      ...rules.map((rule) => [...cells(rule), `${plainLine(rule.policy)} (${rule.severity})`]),
      [...cells(all), 'all'],
    ]),
    '\n',
    table([
      [...head, 'TASK'],
      ...tasks.map((task) => [...cells(task), plainLine(`${task.task} of ${task.human}`)]),
    ]),
    moreTasks === 0 ? '' : `and ${moreTasks} more tasks\n`,
    proposed.length === 0 ? '' : `\n${proposed.join('')}`,
  ].join('')
}

function cells({
  asked,
  approved,
  refused,
  unanswered,
  approveRate,
  toDecide,
}: FatigueAnswer['all']): readonly string[] {
  const rate = approveRate === undefined ? '-' : `${Math.round(approveRate * 100)} %`
  const time = (millis: number | undefined): string =>
    millis === undefined ? '-' : `${Math.round(millis / 1_000)} s`
  return [
    String(asked),
    String(approved),
    String(refused),
    String(unanswered),
    rate,
    time(toDecide?.p50),
    time(toDecide?.p90),
  ]
}
