import type { KeysAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { formatKeys } from './format-keys.ts'

export const keysRotate: Command = {
  path: 'keys rotate',
  summary: 'give tokens a new signing key, while the gateway runs',
  positionals: [],
  flags: [
    {
      name: 'compromised',
      summary: 'the keys so far are in other hands: the new one signs at once, every token given so far ends',
    },
  ],
  notes:
    'The new key is published at once and signs after `oauth.keyOverlap`; the one\nbefore verifies until the last token that it signed has ended. It happens by\nitself when a key is as old as `oauth.keyLifetime`.',
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'decide')
    const compromised = invocation.flags['compromised'] === true
    const answer = await client.post<KeysAnswer>('/keys/rotate', { compromised })
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : formatKeys(answer))
    return 0
  },
}
