import type { GrantAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'

export const grantsRevoke: Command = {
  path: 'grants revoke',
  summary: 'end a grant with the very next call, which asks again',
  positionals: [{ name: 'grant', summary: 'id of the grant' }],
  flags: [{ name: 'reason', takes: 'text', summary: 'why, for the record' }],
  run: async (invocation) => {
    const reason = textFlag(invocation, 'reason')
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const body = reason === undefined ? {} : { reason }
    const answer = await client.post<GrantAnswer>(`/grants/${encodeURIComponent(id)}/revoke`, body)
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `revoked ${answer.grant.id}\n`)
    return 0
  },
}
