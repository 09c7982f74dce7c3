import { setTimeout as sleep } from 'node:timers/promises'
import type { HeadAnswer, RecordsAnswer } from '../api/contract.ts'
import { RECORD_KINDS } from '../core/record.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import { type Command, countFlag, type Invocation, textFlag } from './command.ts'
import { recordJson, recordLine } from './format-record.ts'

const POLL = 1_000

export const auditTail: Command = {
  path: 'audit tail',
  summary: 'print the newest records, oldest of them first',
  positionals: [],
  flags: [
    { name: 'lines', takes: 'count', summary: 'at most this many (default 50)' },
    { name: 'task', takes: 'task', summary: 'records of this task only' },
    { name: 'kind', takes: 'kind', choices: RECORD_KINDS, summary: 'records of this kind only' },
    { name: 'follow', summary: 'go on printing as records come, until Ctrl-C' },
  ],
  run: async (invocation) => {
    const limit = countFlag(invocation, 'lines', 10_000) ?? 50
    const client = await openAdminClient(invocation, 'read')
    let last = await printRecords(client, invocation, { limit })
    if (invocation.flags['follow'] !== true) return 0
    let size = (await client.get<HeadAnswer>('/head')).size
    while (!invocation.io.stopped.aborted) {
      await sleep(POLL, undefined, { signal: invocation.io.stopped })
      // Asking for records is itself recorded, asking how many there are is not.
      const grown = (await client.get<HeadAnswer>('/head')).size
      if (grown === size) continue
      last = await printRecords(client, invocation, { limit: 10_000, after: last })
      size = (await client.get<HeadAnswer>('/head')).size
    }
    return 0
  },
}

/** Prints what is newer than `after`; answers with the index of the newest record printed. */
async function printRecords(
  client: AdminClient,
  invocation: Invocation,
  range: { readonly limit: number; readonly after?: number },
): Promise<number> {
  const { io, json } = invocation
  const { records } = await client.get<RecordsAnswer>('/records', {
    ...range,
    task: textFlag(invocation, 'task'),
    kind: textFlag(invocation, 'kind'),
  })
  let last = range.after ?? -1
  for (const record of records.toReversed()) {
    last = Math.max(last, record.index)
    io.out(`${json ? recordJson(record) : recordLine(io, record)}\n`)
  }
  return last
}
