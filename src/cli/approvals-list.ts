import type { ApprovalsAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, countFlag, textFlag } from './command.ts'
import { approvalRow } from './format-approval.ts'
import { flagText } from './format-flag.ts'
import { table } from './paint.ts'

const STATES = ['pending', 'granted', 'refused', 'expired', 'cancelled', 'used', 'all']

export const approvalsList: Command = {
  path: 'approvals list',
  summary: 'list calls that wait for consent',
  positionals: [],
  flags: [
    { name: 'state', takes: 'state', choices: STATES, summary: 'requests in this state (default pending)' },
    { name: 'limit', takes: 'count', summary: 'at most this many (default 100)' },
  ],
  run: async (invocation) => {
    const limit = countFlag(invocation, 'limit', 10_000)
    const wanted = textFlag(invocation, 'state') ?? 'pending'
    const client = await openAdminClient(invocation, 'read')
    const state = wanted === 'all' ? undefined : wanted
    const answer = await client.get<ApprovalsAnswer>('/approvals', { state, limit })
    const { io, json } = invocation
    if (!json) io.out((answer.flagged ?? []).map(flagText).join(''))
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.approvals.length === 0) io.out(`no ${wanted === 'all' ? '' : `${wanted} `}approvals\n`)
    else {
      const rows = answer.approvals.map((approval) => approvalRow(approval, Date.now()))
      io.out(table([['APPROVAL', 'STATE', 'CALL', 'HUMAN', 'GATES'], ...rows]))
    }
    return 0
  },
}
