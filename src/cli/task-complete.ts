import type { TaskAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'

export const taskComplete: Command = {
  path: 'task complete',
  summary: 'say that a task is done: it and all below it end with their next call',
  positionals: [{ name: 'task', summary: 'id of the task' }],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const answer = await client.post<TaskAnswer>(`/tasks/${encodeURIComponent(id)}/complete`, {})
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `completed ${answer.task.id}\n`)
    return 0
  },
}
