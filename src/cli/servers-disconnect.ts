import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'

export const serversDisconnect: Command = {
  path: 'servers disconnect',
  summary: 'revoke and forget the tokens with which a server is reached as a human',
  positionals: [{ name: 'server', summary: 'key of the server' }],
  flags: [{ name: 'human', takes: 'id', summary: 'whose; default your own' }],
  run: async (invocation) => {
    const [server = ''] = invocation.positionals
    const client = await openAdminClient(invocation, 'decide')
    const human = textFlag(invocation, 'human')
    await client.post(
      `/servers/${encodeURIComponent(server)}/disconnect`,
      human === undefined ? {} : { human },
    )
    invocation.io.out(invocation.json ? '{}\n' : `disconnected ${server}\n`)
    return 0
  },
}
