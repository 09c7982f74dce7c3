import type { SecretAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { readSecretValue } from './read-secret-value.ts'

export const secretsSet: Command = {
  path: 'secrets set',
  summary: 'put a secret into the encrypted store, for `secret:<name>` in remit.yaml',
  positionals: [{ name: 'name', summary: 'what the configuration calls it' }],
  flags: [],
  notes:
    'The value comes from a hidden prompt or the standard input, as in\n`remit secrets set forge < file`. It cannot be read back. The approver code comes\nfrom REMIT_APPROVER or a hidden prompt.',
  run: async (invocation) => {
    const [name = ''] = invocation.positionals
    const client = await openAdminClient(invocation, 'decide')
    const value = await readSecretValue(name)
    const answer = await client.post<SecretAnswer>('/secrets', { name, value })
    const { io, json } = invocation
    io.out(
      json ? `${JSON.stringify(answer)}\n` : `set ${name}; the configuration names it \`secret:${name}\`\n`,
    )
    return 0
  },
}
