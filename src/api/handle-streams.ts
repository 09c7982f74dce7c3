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
  const ends = ports.pages.now() + LONGEST
  let cursor = since
  while (!request.signal.aborted && ports.pages.now() < ends) {
    const wait = { since: cursor, timeout: BEAT, signal: request.signal, most: 0 }
    const found = await ports.administration.watchApprovals(actor, wait)
    if (request.signal.aborted || !(await request.stillThere())) return
    cursor = found.cursor
    if (found.whole) yield* wholeInbox(ports, request)
    else if (found.approvals.length > 0) yield rowsEvent(ports, found.approvals)
    const data = { now: ports.pages.now() }
    yield { event: 'here', id: `${EPOCH}.${cursor}`, data }
  }
}

/** The whole, in the order in which it is shown: who reads it sees the first of it at once. */
async function* wholeInbox(ports: AdminPorts, request: RouteRequest): AsyncGenerator<StreamEvent> {
  const { count, pages } = await ports.administration.readInbox(actorOf(request), MOST_PENDING)
  yield { event: 'all', data: { count } }
  for await (const page of pages) {
    if (request.signal.aborted) return
    yield rowsEvent(
      ports,
      page.filter(({ state }) => state === 'pending'),
    )
  }
}

function rowsEvent(ports: AdminPorts, approvals: readonly Approval[]): StreamEvent {
  const rows: readonly InboxRow[] = approvals.map(inboxRow)
  return { event: 'approvals', data: ports.scrub(rows as unknown as Json) }
}

async function* recordEvents(
  ports: AdminPorts,
  request: RouteRequest,
  after: number | undefined,
): AsyncGenerator<StreamEvent | 'beat'> {
  const follow = { after, most: MOST_RECORDS, signal: request.signal }
  const ends = ports.pages.now() + LONGEST
  const actor = actorOf(request)
  for await (const records of ports.administration.followRecords(actor, follow)) {
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
