import type { TaskAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { flagText } from './format-flag.ts'
import { taskText } from './format-task.ts'

export const taskShow: Command = {
  path: 'task show',
  summary: 'show a task with its effective scope',
  positionals: [{ name: 'task', summary: 'id of the task' }],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const answer = await client.get<TaskAnswer>(`/tasks/${encodeURIComponent(id)}`)
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : taskText(answer.task, Date.now()) + flagText(answer.flag))
    return 0
  },
}
