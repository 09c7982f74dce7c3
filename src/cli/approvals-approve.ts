import type { ApprovalAnswer } from '../api/contract.ts'
import type { Approval } from '../core/approval.ts'
import { WIDENINGS } from '../core/widening.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'

export const approvalsApprove: Command = {
  path: 'approvals approve',
  summary: 'agree to exactly this call, once or for the task',
  positionals: [{ name: 'approval', summary: 'id of the request' }],
  flags: [
    { name: 'gate', takes: 'scope', summary: 'agree for this gate only (default: all that you may close)' },
    { name: 'for', takes: 'human', summary: 'agree for this human, whose deputy you are' },
    {
      name: 'for-task',
      summary: 'agree for the rest of the task, to exactly the same work, where the request offers it',
    },
    {
      name: 'widen',
      takes: 'axis',
      summary: `the same for the task, and further along \`${WIDENINGS.join('`, `')}\`, where it is offered`,
    },
    { name: 'comment', takes: 'text', summary: 'a note for the record' },
  ],
  notes:
    'The approver code comes from REMIT_APPROVER or a hidden prompt, never from an\nargument, which others on this machine could read.',
  run: async (invocation) => {
    const gate = textFlag(invocation, 'gate')
    const other = textFlag(invocation, 'for')
    const comment = textFlag(invocation, 'comment')
    const widen = textFlag(invocation, 'widen')
    const client = await openAdminClient(invocation, 'decide')
    const [id = ''] = invocation.positionals
    const { approval } = await client.post<ApprovalAnswer>(`/approvals/${encodeURIComponent(id)}/approve`, {
      ...(gate === undefined ? {} : { gate }),
      ...(other === undefined ? {} : { for: other }),
      ...(comment === undefined ? {} : { comment }),
      ...(invocation.flags['for-task'] === true || widen !== undefined ? { grant: 'task' } : {}),
      ...(widen === undefined ? {} : { widen }),
    })
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify({ approval })}\n` : `${answerText(approval)}\n`)
    return 0
  },
}

function answerText(approval: Approval): string {
  const { id, state, grant, votes } = approval
  if (state === 'pending') return `recorded; ${id} still waits for others`
  if (grant !== undefined)
    return `approved ${id} for the rest of the task${furtherText(approval)}; \`remit grants revoke ${grant}\` ends it`
  const wished = votes.some((vote) => vote.grant === 'task')
  const why = wished ? '; another approver agreed to once only' : ''
  return `approved ${id}; the retried call runs once${why}`
}

function furtherText({ gates, votes }: Approval): string {
  const axes = gates.map(
    ({ scope }) => votes.find(({ gate, widen }) => gate === scope && widen !== undefined)?.widen,
  )
  const [axis] = axes
  if (axis !== undefined && axes.every((each) => each === axis)) return `, widened along \`${axis}\``
  return axes.some((each) => each !== undefined)
    ? ', to exactly the same work, since not all agreed to more'
    : ''
}
