import type { ReloadAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { reloadText } from './format-reload.ts'

export const policyAccept: Command = {
  path: 'policy accept',
  summary: 'agree, as a second person, to the change that waits under this hash',
  positionals: [{ name: 'hash', summary: 'whole hash, as `remit policy pending` shows it' }],
  flags: [],
  notes:
    'Needs the approver code of a maintainer who does not own the credential on disk.\nThe code comes from REMIT_APPROVER or a hidden prompt.',
  run: async (invocation) => {
    const [hash = ''] = invocation.positionals
    const client = await openAdminClient(invocation, 'decide')
    const answer = await client.post<ReloadAnswer>('/policy/accept', { hash })
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : reloadText(io, answer))
    return 0
  },
}
