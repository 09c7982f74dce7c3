import type { Approval } from '../core/approval.ts'
import { openAdminClient } from './admin-client.ts'
import { canAsk } from './ask-line.ts'
import type { Command, Invocation } from './command.ts'
import { tellDesktop } from './desktop-notice.ts'
import { followApprovals } from './follow-approvals.ts'
import { approvalRow } from './format-approval.ts'

const BELL = '\u0007'

export const approvalsWatch: Command = {
  path: 'approvals watch',
  summary: 'see requests as they come, open and answer them, until Ctrl-C',
  positionals: [],
  flags: [
    { name: 'notify', summary: 'show new requests on the desktop; where that cannot be, ring the bell' },
    { name: 'bell', summary: 'ring the terminal’s bell at new requests' },
    { name: 'lines', summary: 'only print lines, also at a terminal' },
  ],
  notes:
    'At a terminal it lists what waits; a number opens a request, and then `a` approves\nit, `r reason` refuses it, `?` shows the rest. The approver code is asked for at the\nfirst answer. Elsewhere, and with --lines or --json, it prints a line for each request\nthat comes or changes.',
  run: async (invocation) => {
    const { io, json, flags } = invocation
    const told = tellOf(invocation)
    if (canAsk() && !json && flags['lines'] !== true) {
      const { watchAtTerminal } = await import('./watch-terminal.ts')
      return watchAtTerminal(invocation, told)
    }
    const client = await openAdminClient(invocation, 'read')
    const printed = new Map<string, string>()
    await followApprovals(client, io.stopped, (approvals) => {
      const fresh = approvals.filter(({ id, state }) => state === 'pending' && !printed.has(id))
      for (const approval of approvals) {
        const version = `${approval.state} ${approval.votes.length}`
        if (printed.get(approval.id) === version) continue
        printed.set(approval.id, version)
        io.out(
          json ? `${JSON.stringify({ approval })}\n` : `${approvalRow(approval, Date.now()).join('  ')}\n`,
        )
      }
      told(fresh)
    })
    return 0
  },
}

/** How the watcher is told of new requests beside the line about them. */
function tellOf({ io, flags }: Invocation): (fresh: readonly Approval[]) => void {
  return (fresh) => {
    if (fresh.length === 0) return
    if (flags['bell'] === true) io.err(BELL)
    if (flags['notify'] === true) void tellDesktop(fresh, io.err)
  }
}
