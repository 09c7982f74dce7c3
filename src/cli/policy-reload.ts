import type { ReloadAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { reloadText } from './format-reload.ts'

export const policyReload: Command = {
  path: 'policy reload',
  summary: 'have the running gateway read its policies again, now',
  positionals: [],
  flags: [],
  notes:
    'The gateway follows its files by itself; this is for those who cannot wait, or\nwhere files cannot be watched. Bad policies leave the old ones in force.',
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.post<ReloadAnswer>('/policy/reload', {})
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : reloadText(io, answer))
    return 0
  },
}
