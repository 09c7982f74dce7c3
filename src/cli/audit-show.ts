import type { RecordsAnswer } from '../api/contract.ts'
import { RemitError } from '../core/errors.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { recordJson } from './format-record.ts'

export const auditShow: Command = {
  path: 'audit show',
  summary: 'show every record of a decision, approval or task in full',
  positionals: [{ name: 'id', summary: 'id of the decision, approval or task' }],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const [id = ''] = invocation.positionals
    const { records } = await client.get<RecordsAnswer>('/records', { id, limit: 1_000 })
    if (records.length === 0)
      throw new RemitError('not_found', `no record is about \`${id}\`; see \`remit audit tail\``)
    const { io, json } = invocation
    for (const record of records.toReversed()) io.out(`${recordJson(record, json ? undefined : 2)}\n`)
    return 0
  },
}
