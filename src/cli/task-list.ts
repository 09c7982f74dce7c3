import type { TasksAnswer } from '../api/contract.ts'
import { taskState } from '../core/identity.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, countFlag } from './command.ts'
import { table } from './paint.ts'
import { plainLine } from './plain-text.ts'

export const taskList: Command = {
  path: 'task list',
  summary: 'list tasks, newest first',
  positionals: [],
  flags: [{ name: 'limit', takes: 'count', summary: 'at most this many (default 100)' }],
  run: async (invocation) => {
    const limit = countFlag(invocation, 'limit', 10_000)
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<TasksAnswer>('/tasks', { limit })
    const { io, json } = invocation
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.tasks.length === 0) io.out('no tasks; delegate one with `remit task create`\n')
    else {
      const now = Date.now()
      const rows = answer.tasks.map((task) => [
        task.id,
        taskState(task, now),
        new Date(task.expires).toISOString(),
        plainLine(`${task.human}/${task.workflow}`),
        plainLine(task.intent),
      ])
      io.out(table([['TASK', 'STATE', 'EXPIRES', 'WORKFLOW', 'INTENT'], ...rows]))
    }
    return 0
  },
}
