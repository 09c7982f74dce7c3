import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditCountAnswer, AuditQueryAnswer } from '../api/audit-contract.ts'
import type { HeadAnswer } from '../api/contract.ts'
import { RemitError } from '../core/errors.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, countFlag, type Invocation, textFlag } from './command.ts'
import { CSV_HEADER, recordCsv } from './format-csv.ts'
import { recordJson, recordLine } from './format-record.ts'
import { queryOfView } from './audit-view.ts'
import { queryFile } from './query-file.ts'

const POLL = 1_000
const MOST = 10_000

export const auditQuery: Command = {
  path: 'audit query',
  summary: 'find records by who, what, where, when, decision, rule, label, task and outcome',
  positionals: [
    { name: 'query', summary: 'such as `decision = deny and at > -7d`; docs/audit.md', optional: true },
  ],
  flags: [
    { name: 'view', takes: 'name', summary: 'ask a query that is kept: `name`, or `human/name`' },
    { name: 'count', summary: 'print only how many there are' },
    { name: 'csv', summary: 'one line of comma-separated values a record' },
    { name: 'follow', summary: 'go on printing as records come, until Ctrl-C' },
    { name: 'past', takes: 'index', summary: 'go on after the last record of the page before' },
    { name: 'file', takes: 'file', offers: 'files', summary: 'search an export, without a gateway' },
  ],
  notes:
    'What is found is printed in the order of the query (newest first unless it ends with `order by at asc`), 100\n' +
    'records unless it says `limit`. Asking is itself on record.',
  run: async (invocation) => {
    const view = textFlag(invocation, 'view')
    const file = textFlag(invocation, 'file')
    const past = indexFlag(invocation)
    if (invocation.flags['follow'] === true && (file !== undefined || past !== undefined))
      throw new RemitError('input_invalid', '`--follow` goes with a running gateway, and without --past')
    if (view !== undefined && (file !== undefined || invocation.positionals.length > 0))
      throw new RemitError('input_invalid', '`--view` goes without a query, and with a running gateway')
    const [typed = ''] = invocation.positionals
    if (file !== undefined) return await queryFile(invocation, { query: typed, file, past }, print)
    const client = await openAdminClient(invocation, 'read')
    const query = view === undefined ? typed : await queryOfView(client, view)
    if (invocation.flags['count'] === true) {
      const { count, next } = await client.get<AuditCountAnswer>('/records/query', {
        q: query,
        past,
        count: 'yes',
      })
      print(invocation, { count, ...(next === undefined ? {} : { next }) })
      return 0
    }
    // Asked before the records: one that comes in between is printed with the next.
    let { size } = await client.get<HeadAnswer>('/head')
    print(invocation, await client.get<AuditQueryAnswer>('/records/query', { q: query, past }))
    let seen = size - 1
    while (invocation.flags['follow'] === true && !invocation.io.stopped.aborted) {
      await sleep(POLL, undefined, { signal: invocation.io.stopped })
      // Asking for records is itself recorded, asking how many there are is not.
      const head = await client.get<HeadAnswer>('/head')
      if (head.size === size) continue
      const { records } = await client.get<AuditQueryAnswer>('/records/query', {
        q: query,
        after: seen,
        limit: MOST,
      })
      print(invocation, { records: records.toSorted((a, b) => a.index - b.index) }, { header: false })
      seen = Math.max(head.size - 1, ...records.map(({ index }) => index))
      ;({ size } = await client.get<HeadAnswer>('/head'))
    }
    return 0
  },
}

function indexFlag(invocation: Invocation): number | undefined {
  return textFlag(invocation, 'past') === '0' ? 0 : countFlag(invocation, 'past', Number.MAX_SAFE_INTEGER)
}

/** A page of records, or how many there are. */
function print(
  { io, json, flags }: Invocation,
  found: AuditQueryAnswer | AuditCountAnswer,
  { header = true }: { readonly header?: boolean } = {},
): void {
  if ('count' in found) io.out(json ? `${JSON.stringify({ count: found.count })}\n` : `${found.count}\n`)
  else {
    if (flags['csv'] === true && header) io.out(CSV_HEADER)
    for (const record of found.records) {
      if (flags['csv'] === true) io.out(recordCsv(record))
      else io.out(`${json ? recordJson(record) : recordLine(io, record)}\n`)
    }
  }
  if (found.next === undefined) return
  const what = 'count' in found ? 'not everything was counted' : 'there may be more'
  io.err(`${what}; go on with --past ${found.next}\n`)
}
