import type { SecretsAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { table } from './paint.ts'

export const secretsList: Command = {
  path: 'secrets list',
  summary: 'list the secrets of the encrypted store, without their values',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<SecretsAnswer>('/secrets')
    const { io, json } = invocation
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.secrets.length === 0) io.out('no secrets\n')
    else {
      const rows = answer.secrets.map(({ name, version, at, by, usedBy, usable }) => [
        name,
        String(version),
        new Date(at).toISOString(),
        by,
        usable ? usedBy.join(', ') || '-' : 'cannot be opened',
      ])
      io.out(table([['name', 'version', 'set', 'by', 'used by'], ...rows]))
    }
    return 0
  },
}
