import type { KeysAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { formatKeys } from './format-keys.ts'

export const keysList: Command = {
  path: 'keys list',
  summary: 'list the keys that sign tokens, or still verify them',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<KeysAnswer>('/keys')
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : formatKeys(answer))
    return 0
  },
}
