import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'

export const secretsRemove: Command = {
  path: 'secrets remove',
  summary: 'take a secret out of the encrypted store',
  positionals: [{ name: 'name', summary: 'name of the secret' }],
  flags: [{ name: 'force', summary: 'although servers use it: they are not reached any more' }],
  run: async (invocation) => {
    const [name = ''] = invocation.positionals
    const client = await openAdminClient(invocation, 'decide')
    await client.post(`/secrets/${encodeURIComponent(name)}/remove`, {
      force: invocation.flags['force'] === true,
    })
    const { io, json } = invocation
    io.out(json ? '{}\n' : `removed ${name}\n`)
    return 0
  },
}
