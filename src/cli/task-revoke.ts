import type { TaskAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'

export const taskRevoke: Command = {
  path: 'task revoke',
  summary: 'end a task and all below it with its very next call',
  positionals: [{ name: 'task', summary: 'id of the task' }],
  flags: [{ name: 'reason', takes: 'text', summary: 'why, for the record' }],
  run: async (invocation) => {
    const reason = textFlag(invocation, 'reason')
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const body = reason === undefined ? {} : { reason }
    const answer = await client.post<TaskAnswer>(`/tasks/${encodeURIComponent(id)}/revoke`, body)
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `revoked ${answer.task.id}\n`)
    return 0
  },
}
