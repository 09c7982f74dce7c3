import { setTimeout as sleep } from 'node:timers/promises'
import type { WatchAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { approvalRow } from './format-approval.ts'

/** Between two questions when the gateway had nothing to wait for, in ms. */
const PAUSE = 1_000

export const approvalsWatch: Command = {
  path: 'approvals watch',
  summary: 'print requests as they come and change, until Ctrl-C',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const { io, json } = invocation
    const client = await openAdminClient(invocation, 'read')
    const printed = new Map<string, string>()
    let since = 0
    while (!io.stopped.aborted) {
      const answer = await client.get<WatchAnswer>('/approvals/watch', { since, timeout: 25_000 })
      for (const approval of answer.approvals) {
        const version = `${approval.state} ${approval.votes.length}`
        if (printed.get(approval.id) === version) continue
        printed.set(approval.id, version)
        io.out(
          json ? `${JSON.stringify({ approval })}\n` : `${approvalRow(approval, Date.now()).join('  ')}\n`,
        )
      }
      if (answer.cursor === since) await sleep(PAUSE, undefined, { signal: io.stopped })
      since = answer.cursor
    }
    return 0
  },
}
