import type { SecretAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { readSecretValue } from './read-secret-value.ts'

export const secretsRotate: Command = {
  path: 'secrets rotate',
  summary: 'give a secret a new value; sessions that use it are begun again',
  positionals: [{ name: 'name', summary: 'name of the secret' }],
  flags: [],
  notes: 'The value comes from a hidden prompt or the standard input.',
  run: async (invocation) => {
    const [name = ''] = invocation.positionals
    const client = await openAdminClient(invocation, 'decide')
    const value = await readSecretValue(name)
    const answer = await client.post<SecretAnswer>(`/secrets/${encodeURIComponent(name)}/rotate`, { value })
    const { io, json } = invocation
    const { version, usedBy } = answer.secret
    const users =
      usedBy.length === 0 ? 'nothing in the configuration names it' : `used by ${usedBy.join(', ')}`
    io.out(json ? `${JSON.stringify(answer)}\n` : `rotated ${name} to version ${version}; ${users}\n`)
    return 0
  },
}
