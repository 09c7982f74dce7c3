import type { ApprovalAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { approvalText } from './format-approval.ts'

export const approvalsShow: Command = {
  path: 'approvals show',
  summary: 'show all of a request: who, why, the exact call, who must agree',
  positionals: [{ name: 'approval', summary: 'id of the request' }],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const answer = await client.get<ApprovalAnswer>(`/approvals/${encodeURIComponent(id)}`)
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : approvalText(answer.approval, Date.now()))
    return 0
  },
}
