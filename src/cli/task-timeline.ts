import type { AuditQueryAnswer } from '../api/audit-contract.ts'
import { RemitError } from '../core/errors.ts'
import { sessionQuery } from '../core/session/session-query.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { recordJson, recordLine } from './format-record.ts'

const PAGE = 1_000

export const taskTimeline: Command = {
  path: 'task timeline',
  summary: 'every record of a task and of all below it, in order: decisions, consent, outcomes',
  positionals: [{ name: 'task', summary: 'id of the task' }],
  flags: [],
  notes: 'Records of tasks below it are indented by how far below. Reading them is itself on record.',
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const { io, json } = invocation
    const [id = ''] = invocation.positionals
    const q = sessionQuery(id)
    let past: number | undefined
    let found = 0
    do {
      const page = await client.get<AuditQueryAnswer>('/records/query', { q, past, limit: PAGE })
      for (const record of page.records) {
        const { chain = [] } = record.envelope.identity ?? {}
        const depth = Math.max(0, chain.length - 1 - Math.max(0, chain.indexOf(id)))
        io.out(json ? `${recordJson(record)}\n` : `${'  '.repeat(depth)}${recordLine(io, record)}\n`)
      }
      found += page.records.length
      past = page.next
    } while (past !== undefined)
    if (found === 0)
      throw new RemitError('not_found', `no record is of the task \`${id}\`; see \`remit task list\``)
    return 0
  },
}
