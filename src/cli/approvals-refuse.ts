import type { ApprovalAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'

export const approvalsRefuse: Command = {
  path: 'approvals refuse',
  summary: 'refuse this call; the agent is told why',
  positionals: [{ name: 'approval', summary: 'id of the request' }],
  flags: [{ name: 'reason', takes: 'text', required: true, summary: 'why, in words for the agent' }],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'decide')
    const [id = ''] = invocation.positionals
    const answer = await client.post<ApprovalAnswer>(`/approvals/${encodeURIComponent(id)}/refuse`, {
      reason: textFlag(invocation, 'reason') ?? '',
    })
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `refused ${answer.approval.id}\n`)
    return 0
  },
}
