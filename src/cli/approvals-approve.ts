import type { ApprovalAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'

export const approvalsApprove: Command = {
  path: 'approvals approve',
  summary: 'agree to exactly this call, once',
  positionals: [{ name: 'approval', summary: 'id of the request' }],
  flags: [
    { name: 'gate', takes: 'scope', summary: 'agree for this gate only (default: all that you may close)' },
    { name: 'comment', takes: 'text', summary: 'a note for the record' },
  ],
  notes:
    'The approver code comes from REMIT_APPROVER or a hidden prompt, never from an\nargument, which others on this machine could read.',
  run: async (invocation) => {
    const gate = textFlag(invocation, 'gate')
    const comment = textFlag(invocation, 'comment')
    const client = await openAdminClient(invocation, 'decide')
    const [id = ''] = invocation.positionals
    const { approval } = await client.post<ApprovalAnswer>(`/approvals/${encodeURIComponent(id)}/approve`, {
      ...(gate === undefined ? {} : { gate }),
      ...(comment === undefined ? {} : { comment }),
    })
    const { io, json } = invocation
    const text =
      approval.state === 'pending'
        ? `recorded; ${approval.id} still waits for others\n`
        : `approved ${approval.id}; the retried call runs once\n`
    io.out(json ? `${JSON.stringify({ approval })}\n` : text)
    return 0
  },
}
