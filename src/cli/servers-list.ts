import type { ServersAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { serverText } from './status.ts'

export const serversList: Command = {
  path: 'servers list',
  summary: 'list the servers behind the gateway and how they are',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<ServersAnswer>('/servers')
    const { io, json } = invocation
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.servers.length === 0) io.out('no servers; add some under `servers` in remit.yaml\n')
    else for (const server of answer.servers) io.out(`${serverText(io, server)}\n`)
    return 0
  },
}
