import type { SecretsResealedAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'

export const secretsRekey: Command = {
  path: 'secrets rekey',
  summary: 'seal every secret anew under the newest master key',
  positionals: [],
  flags: [],
  notes:
    'First start the gateway with the new key and the old one beside it:\nREMIT_SECRETS_KEY and REMIT_SECRETS_KEY_OLD, or keys/secrets.key and\nkeys/secrets.key.old in the state folder. Afterwards the old one can go.',
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'decide')
    const answer = await client.post<SecretsResealedAnswer>('/secrets/reseal', {})
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `sealed ${answer.resealed} secrets anew\n`)
    return 0
  },
}
