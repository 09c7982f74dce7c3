import type { TaskTreeAnswer } from '../api/contract.ts'
import { BUDGET_COUNTS, taskState } from '../core/identity.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { plainLine } from './plain-text.ts'

export const taskTree: Command = {
  path: 'task tree',
  summary: 'show the tree of delegations that a task is in, and what it has used',
  positionals: [{ name: 'task', summary: 'id of any task of the tree' }],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const answer = await client.get<TaskTreeAnswer>(`/tasks/${encodeURIComponent(id)}/tree`)
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : branchLines(answer.tree, '', Date.now()).join(''))
    return 0
  },
}

function branchLines(
  { task, used, children }: TaskTreeAnswer['tree'],
  indent: string,
  now: number,
): readonly string[] {
  const spent = BUDGET_COUNTS.flatMap((count) => {
    const limit = task.budget[count]
    return limit === undefined ? [] : [`${count} ${used[count]}/${limit}`]
  })
  const words = [
    task.id,
    taskState(task, now),
    `${task.agent.kind}:`,
    task.intent,
    ...(spent.length === 0 ? [] : [`(${spent.join(', ')})`]),
  ]
  return [
    `${indent}${plainLine(words.join(' '))}\n`,
    ...children.flatMap((child) => branchLines(child, `${indent}  `, now)),
  ]
}
