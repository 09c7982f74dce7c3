import type { StoredRecord } from '../audit/record-reader.ts'
import type { Approval } from '../core/approval.ts'
import type { Json } from '../core/json.ts'
import type { AdminPorts } from './admin-ports.ts'
import {
  type ActivityRow,
  type InboxRow,
  streamApprovalsQuery,
  streamRecordsQuery,
} from './console-contract.ts'
import type { StreamEvent } from './event-stream.ts'
import { inboxRow } from './inbox-row.ts'
import { actorOf, type Handler, parseQuery, type RouteRequest } from './route.ts'

/** Milliseconds between signs of life, at which a session that ended is noticed too. */
const BEAT = 10_000
/** Milliseconds after which a reader has to prove itself anew. */
const LONGEST = 600_000
/** Rows in one event. */
const CHUNK = 500
/** Requests that are looked for in the store at each beat, newest first: another replica may have opened them. */
const LOOKED_AT = 200
const MOST_PENDING = 10_000
const MOST_RECORDS = 200

/** Cursors count within one process; those of another one, or of an earlier start, begin anew. */
const EPOCH = crypto.randomUUID().slice(0, 8)

export const streamApprovals: Handler = async (ports, request) => {
  const { since } = parseQuery(streamApprovalsQuery, request.query)
  return { status: 200, events: approvalEvents(ports, request, cursorOf(since)) }
}

/** Whoever follows the records leaves a trace, once. */
export const streamRecords: Handler = async (ports, request) => {
  const { after } = parseQuery(streamRecordsQuery, request.query)
  const actor = actorOf(request)
  if (after === undefined) await ports.administration.recordRead(actor, {})
  return { status: 200, events: recordEvents(ports, request, after) }
}

async function* approvalEvents(
  ports: AdminPorts,
  request: RouteRequest,
  since: number,
): AsyncGenerator<StreamEvent | 'beat'> {
  const actor = actorOf(request)
  const known = new Map<string, string>()
  const ends = ports.pages.now() + LONGEST
  let cursor = since
  while (!request.signal.aborted && ports.pages.now() < ends) {
    const wait = { since: cursor, timeout: BEAT, signal: request.signal, most: MOST_PENDING }
    const found = await ports.administration.watchApprovals(actor, wait)
    if (request.signal.aborted || !(await request.stillThere())) return
    cursor = found.cursor
    if (found.whole) yield { event: 'all', data: { count: found.approvals.length } }
    yield* chunks(ports, found.approvals, known)
    if (found.approvals.length === 0) {
      const newest = { state: 'pending', limit: LOOKED_AT } as const
      const elsewhere = await ports.administration.listApprovals(actor, newest)
      yield* chunks(ports, elsewhere, known)
    }
    yield { event: 'here', id: `${EPOCH}.${cursor}`, data: {} }
  }
}

/** Only what this reader does not know as it is. */
function* chunks(
  ports: AdminPorts,
  approvals: readonly Approval[],
  known: Map<string, string>,
): Generator<StreamEvent> {
  const news = approvals.filter(({ id, state, votes }) => known.get(id) !== `${state} ${votes.length}`)
  for (const { id, state, votes } of news) known.set(id, `${state} ${votes.length}`)
  for (let at = 0; at < news.length; at += CHUNK) {
    const rows: readonly InboxRow[] = news.slice(at, at + CHUNK).map(inboxRow)
    yield { event: 'approvals', data: ports.scrub(rows as unknown as Json) }
  }
}

async function* recordEvents(
  ports: AdminPorts,
  request: RouteRequest,
  after: number | undefined,
): AsyncGenerator<StreamEvent | 'beat'> {
  const follow = { after, most: MOST_RECORDS, signal: request.signal }
  const ends = ports.pages.now() + LONGEST
  for await (const records of ports.administration.followRecords(follow)) {
    if (!(await request.stillThere()) || ports.pages.now() >= ends) return
    const rows = records.map(activityRow)
    const last = records.at(0)?.index
    if (last === undefined) yield 'beat'
    else yield { event: 'records', id: String(last), data: ports.scrub(rows as unknown as Json) }
  }
}

function activityRow({ index, envelope }: StoredRecord): ActivityRow {
  return { index, envelope }
}

function cursorOf(since: string | undefined): number {
  const [epoch, cursor] = (since ?? '').split('.')
  return epoch === EPOCH ? Number(cursor) : 0
}
