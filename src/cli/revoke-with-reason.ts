import type { GrantAnswer, TaskAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'

/** Ends the grant or task that the argument names, with an optional reason for the record. */
export function revokeWithReason(
  what: 'grant' | 'task',
  { path, summary }: Pick<Command, 'path' | 'summary'>,
): Command {
  return {
    path,
    summary,
    positionals: [{ name: what, summary: `id of the ${what}` }],
    flags: [{ name: 'reason', takes: 'text', summary: 'why, for the record' }],
    run: async (invocation) => {
      const reason = textFlag(invocation, 'reason')
      const client = await openAdminClient(invocation, 'read')
      const [id = ''] = invocation.positionals
      const body = reason === undefined ? {} : { reason }
      const at = `/${what}s/${encodeURIComponent(id)}/revoke`
      const answer = await client.post<GrantAnswer & TaskAnswer>(at, body)
      const { io, json } = invocation
      io.out(json ? `${JSON.stringify(answer)}\n` : `revoked ${answer[what].id}\n`)
      return 0
    },
  }
}
