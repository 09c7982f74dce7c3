import type { ServersReloadAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { serversReloadText } from './format-servers-reload.ts'

export const serversReload: Command = {
  path: 'servers reload',
  summary: 'have the running gateway read its servers again, now',
  positionals: [],
  flags: [],
  notes:
    'The gateway follows its file by itself; this is for those who cannot wait, or\nwhere files cannot be watched. A bad file leaves the old servers in force.',
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.post<ServersReloadAnswer>('/servers/reload', {})
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : serversReloadText(io, answer))
    return 0
  },
}
