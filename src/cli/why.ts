import type { BlockReportAnswer, WhyAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag, UsageError } from './command.ts'
import { whyText } from './format-why.ts'

const LAST = 'last'

export const why: Command = {
  path: 'why',
  summary: 'say on one screen why a call was stopped, what would change it and whom to ask',
  positionals: [
    {
      name: 'record',
      summary: 'id of a decision, an approval, or a task for its newest stop',
      optional: true,
    },
  ],
  flags: [
    { name: 'last', summary: 'the newest call of your own tasks that was not let through' },
    { name: 'report', takes: 'text', summary: 'what is not clear or wrong about it, for the next review' },
  ],
  notes:
    'Without a record it takes `--last`. It is there for everybody about their own\ntasks, with an approver code in REMIT_APPROVER or the credential on disk; of\nothers’ tasks auditors see all, and admins that it was decided.',
  run: async (invocation) => {
    const { io, json, positionals, flags } = invocation
    const [record] = positionals
    if (record !== undefined && flags['last'] === true)
      throw new UsageError('name a record, or give `--last`, not both')
    const client = await openAdminClient(invocation, 'read')
    const path = `/why/${encodeURIComponent(record ?? LAST)}`
    const text = textFlag(invocation, 'report')
    if (text !== undefined) {
      const { report, decision } = await client.post<BlockReportAnswer>(`${path}/report`, { text })
      io.out(
        json ? `${JSON.stringify({ report, decision })}\n` : `reported ${decision} for the next review\n`,
      )
      return 0
    }
    const answer = await client.get<WhyAnswer>(path)
    io.out(json ? `${JSON.stringify(answer)}\n` : whyText(io, answer))
    return 0
  },
}
