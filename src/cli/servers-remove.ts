import { DRY_RUN } from './change-flags.ts'
import type { Command } from './command.ts'

export const serversRemove: Command = {
  path: 'servers remove',
  summary: 'take a server out of remit.yaml; a running gateway lets go of it',
  positionals: [{ name: 'key', summary: 'the server' }],
  flags: [DRY_RUN],
  notes:
    'Calls that run are answered first. What was decided about its tools stays on record,\nand counts again when a server of this key is added later.',
  run: async (invocation) => {
    const [key = ''] = invocation.positionals
    const { withoutServer } = await import('../server/edit-servers.ts')
    const { applyEdit, serverFileOf } = await import('./change-servers.ts')
    const file = serverFileOf(invocation)
    return applyEdit(invocation, { file, after: withoutServer(file, key), added: [] })
  },
}
