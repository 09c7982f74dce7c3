import type { IssuedTaskAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { issuedText } from './format-task.ts'
import { holderFlags, holderOf } from './task-holder.ts'

export const taskToken: Command = {
  path: 'task token',
  summary: 'print another token for a task of yours',
  positionals: [{ name: 'task', summary: 'id of the task' }],
  flags: [
    ...holderFlags,
    { name: 'release', summary: 'nobody holds the task any more: the next key that asks may' },
  ],
  notes: `It is on record. The tokens that were issued before stay good until the task
ends, or another key holds it; revoke it where one was lost to somebody else.
A task whose key is lost is let go of with --release.`,
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const holder = holderOf(invocation, 'task token')
    const issued = await client.post<IssuedTaskAnswer>(`/tasks/${encodeURIComponent(id)}/token`, {
      ...(holder === undefined ? {} : { holder }),
      ...(invocation.flags['release'] === true ? { release: true } : {}),
    })
    invocation.io.out(issuedText(invocation, issued))
    return 0
  },
}
