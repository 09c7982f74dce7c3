import type { ApprovalAnswer, GlassAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'
import { table } from './paint.ts'
import { plainLine } from './plain-text.ts'
import { lifetimeOf } from './task-lifetime.ts'

export const glassOpen: Command = {
  path: 'break-glass open',
  summary: 'ask two maintainers to close every gate of one task for at most an hour',
  positionals: [{ name: 'task', summary: 'id of the task' }],
  flags: [
    {
      name: 'reason',
      takes: 'text',
      required: true,
      summary: 'why, for the record and the second maintainer',
    },
    { name: 'for', takes: 'duration', summary: 'how long, as `20m` (default and most: 1h)' },
  ],
  notes: `What policy denies stays denied. The one who asks counts as the first of the
two unless it is their own task; the second runs \`remit approvals approve\`.
It has to be reviewed before the next.`,
  run: async (invocation) => {
    const lifetime = lifetimeOf(textFlag(invocation, 'for'), 'break-glass open')
    const client = await openAdminClient(invocation, 'decide')
    const [task = ''] = invocation.positionals
    const reason = textFlag(invocation, 'reason') ?? ''
    const body = { task, reason, ...(lifetime === undefined ? {} : { lifetime }) }
    const answer = await client.post<ApprovalAnswer>('/glass', body)
    const { io, json } = invocation
    const { id, votes, expires } = answer.approval
    const missing = 2 - votes.length
    const told = `${id} waits for ${missing} more; it ends ${new Date(expires).toISOString()}\n`
    io.out(json ? `${JSON.stringify(answer)}\n` : told)
    return 0
  },
}

export const glassList: Command = {
  path: 'break-glass list',
  summary: 'list where the glass was broken, and what was not reviewed',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<GlassAnswer>('/glass')
    const { io, json } = invocation
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.glass.length === 0) io.out('the glass was never broken\n')
    else {
      const rows = answer.glass.map(({ approval, reviewed }) => [
        approval.id,
        approval.task,
        approval.state,
        new Date(approval.expires).toISOString(),
        plainLine(approval.votes.map((vote) => vote.human).join(', ')),
        reviewed ? 'reviewed' : 'not reviewed',
      ])
      io.out(table([['ID', 'TASK', 'STATE', 'ENDS', 'BY', 'REVIEW'], ...rows]))
    }
    return 0
  },
}

export const glassEnd: Command = {
  path: 'break-glass end',
  summary: 'end it before its time is over: with the next call every gate asks again',
  positionals: [{ name: 'id', summary: 'id, as `remit break-glass list` shows it' }],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const answer = await client.post<ApprovalAnswer>(`/glass/${encodeURIComponent(id)}/end`, {})
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `ended ${answer.approval.id}\n`)
    return 0
  },
}

export const glassReview: Command = {
  path: 'break-glass review',
  summary: 'say that you looked at what was done under it (`remit audit tail --task …`)',
  positionals: [{ name: 'id', summary: 'id, as `remit break-glass list` shows it' }],
  flags: [{ name: 'comment', takes: 'text', required: true, summary: 'what you found' }],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'decide')
    const [id = ''] = invocation.positionals
    const comment = textFlag(invocation, 'comment') ?? ''
    const answer = await client.post<GlassAnswer>(`/glass/${encodeURIComponent(id)}/review`, { comment })
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `reviewed ${id}\n`)
    return 0
  },
}
