import type { ServersAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { serverRows } from './format-servers.ts'

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
    else if (answer.servers.length === 0)
      io.out('no servers; add one with `remit servers add`, or under `servers` in remit.yaml\n')
    else io.out(serverRows(io, answer.servers))
    return 0
  },
}
