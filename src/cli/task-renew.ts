import type { IssuedTaskAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'
import { issuedText } from './format-task.ts'
import { lifetimeOf } from './task-lifetime.ts'

export const taskRenew: Command = {
  path: 'task renew',
  summary: 'let a task of yours live longer, and print its new token',
  positionals: [{ name: 'task', summary: 'id of the task' }],
  flags: [
    { name: 'expires', takes: 'duration', summary: 'from now, as `2h` (default: as its workflow says)' },
  ],
  notes: `Nothing else of it changes. It never outlives what it was delegated from, the
budget of time that it has, nor, where the credential on disk made it, what that
may delegate.`,
  run: async (invocation) => {
    const lifetime = lifetimeOf(textFlag(invocation, 'expires'), 'task renew')
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const body = lifetime === undefined ? {} : { lifetime }
    const issued = await client.post<IssuedTaskAnswer>(`/tasks/${encodeURIComponent(id)}/renew`, body)
    invocation.io.out(issuedText(invocation, issued))
    return 0
  },
}
