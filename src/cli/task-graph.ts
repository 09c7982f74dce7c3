import type { TaskTreeAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'
import { delegationGraph, GRAPH_FORMATS, type GraphFormat } from './format-delegations.ts'

export const taskGraph: Command = {
  path: 'task graph',
  summary: 'who delegated to whom in the tree of a task, and how the scope became narrower',
  positionals: [{ name: 'task', summary: 'id of any task of the tree' }],
  flags: [
    { name: 'format', takes: 'format', choices: GRAPH_FORMATS, summary: 'how to draw it (default text)' },
  ],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const answer = await client.get<TaskTreeAnswer>(`/tasks/${encodeURIComponent(id)}/tree`)
    const format = (textFlag(invocation, 'format') ?? 'text') as GraphFormat
    const { io, json } = invocation
    io.out(`${json ? JSON.stringify(answer) : delegationGraph(answer.tree, format, Date.now())}\n`)
    return 0
  },
}
