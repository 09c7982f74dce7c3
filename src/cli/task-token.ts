import type { IssuedTaskAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { issuedText } from './format-task.ts'

export const taskToken: Command = {
  path: 'task token',
  summary: 'print another token for a task of yours',
  positionals: [{ name: 'task', summary: 'id of the task' }],
  flags: [],
  notes: `It is on record. The tokens that were issued before stay good until the task
ends; revoke it where one was lost to somebody else.`,
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const issued = await client.post<IssuedTaskAnswer>(`/tasks/${encodeURIComponent(id)}/token`, {})
    invocation.io.out(issuedText(invocation, issued))
    return 0
  },
}
