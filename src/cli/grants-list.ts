import type { GrantsAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, countFlag, textFlag } from './command.ts'
import { GRANT_COLUMNS, grantRow } from './format-grant.ts'
import { table } from './paint.ts'

export const grantsList: Command = {
  path: 'grants list',
  summary: 'list what was agreed to for the rest of a task, and how often it was used',
  positionals: [],
  flags: [
    { name: 'task', takes: 'id', summary: 'grants of this task only' },
    { name: 'limit', takes: 'count', summary: 'at most this many (default 100)' },
  ],
  run: async (invocation) => {
    const limit = countFlag(invocation, 'limit', 10_000)
    const task = textFlag(invocation, 'task')
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<GrantsAnswer>('/grants', { task, limit })
    const { io, json } = invocation
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.grants.length === 0) io.out('no grants\n')
    else io.out(table([GRANT_COLUMNS, ...answer.grants.map((grant) => grantRow(grant, Date.now()))]))
    return 0
  },
}
