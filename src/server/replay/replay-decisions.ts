import { availableParallelism } from 'node:os'
import type { DecisionRow } from '../../audit/ledger-source.ts'
import type { Task } from '../../core/identity.ts'
import { replayReport, type ReplayReport } from '../../gate/replay/replay-report.ts'
import type { ReplayTally } from '../../gate/replay/replay-tally.ts'
import type { PolicyBundle } from '../../policy/load-policy-set.ts'
import type { PastDecisions } from './past-decisions.ts'
import { ReplayThreads } from './replay-threads.ts'
import { ReplayWork, type ReplayOrder, type SentPolicies } from './replay-work.ts'

/** Records in a batch: some 3 MB of text. */
const BATCH = 1_000
/** Fewer records than this are played here: threads would take longer to start. */
const FEW = 4
const MOST_THREADS = 8

export interface ReplayRequest {
  readonly candidate: PolicyBundle
  /** What to compare with; absent = what is on record. */
  readonly baseline?: PolicyBundle | undefined
  readonly filter: ReplayOrder['filter']
  /** Threads at most; default as the machine has processors. */
  readonly threads?: number
  /** Records in a batch; default 1,000. */
  readonly batch?: number
  /** Called now and then with how many records were read. */
  readonly progress?: (records: number) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Decides the past again with other policies. Whatever can be, is decided once; records are read as a stream.
 * @throws RemitError as the reading of the ledger.
 */
export async function replayDecisions(past: PastDecisions, request: ReplayRequest): Promise<ReplayReport> {
  const { candidate, baseline, filter, now } = request
  const started = now()
  const order: ReplayOrder = {
    candidate: sent(candidate),
    ...(baseline === undefined ? {} : { baseline: sent(baseline) }),
    filter,
  }
  const tally = await play(past, order, request)
  const { since, until } = filter
  return replayReport(tally, {
    candidate: candidate.set.hash,
    baseline: baseline?.set.hash,
    span: since === undefined ? undefined : (until ?? started) - since,
    seconds: Math.round((now() - started) / 100) / 10,
  })
}

async function play(past: PastDecisions, order: ReplayOrder, request: ReplayRequest): Promise<ReplayTally> {
  const rows = past.rows(order.filter.since ?? -Infinity)
  const batches = batchesOf(rows, request.batch ?? BATCH)[Symbol.asyncIterator]()
  const first: (readonly DecisionRow[])[] = []
  let next = await batches.next()
  for (; next.done !== true && first.length < FEW; next = await batches.next()) first.push(next.value)
  if (next.done === true) {
    const work = new ReplayWork(order)
    for (const rows of first) work.play({ rows, tasks: await tasksOf(past, rows, new Set()) })
    return work.tally
  }
  const threads = new ReplayThreads(order, request.threads ?? Math.min(availableParallelism(), MOST_THREADS))
  try {
    let records = 0
    const give = async (rows: readonly DecisionRow[]): Promise<void> => {
      const thread = await threads.free()
      threads.send(thread, { rows, tasks: await tasksOf(past, rows, thread.told) })
      records += rows.length
      request.progress?.(records)
    }
    for (const rows of first) await give(rows)
    for (; next.done !== true; next = await batches.next()) await give(next.value)
    return await threads.end()
  } finally {
    await threads.close()
  }
}

async function* batchesOf(
  rows: Iterable<DecisionRow> | AsyncIterable<DecisionRow>,
  size: number,
): AsyncGenerator<readonly DecisionRow[]> {
  let batch: DecisionRow[] = []
  // A store that answers at once is not waited for row by row.
  const iterator = Symbol.iterator in rows ? rows[Symbol.iterator]() : rows[Symbol.asyncIterator]()
  for (;;) {
    const step = iterator.next()
    const { done, value } = step instanceof Promise ? await step : step
    if (done === true) break
    batch.push(value)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const CHAIN = /"chain":\[([^\]]*)\]/

/** The tasks that these records name and that are not known yet. */
async function tasksOf(
  past: PastDecisions,
  rows: readonly DecisionRow[],
  known: ReadonlySet<string>,
): Promise<readonly Task[]> {
  const names = new Set(rows.map(({ body }) => CHAIN.exec(body)?.[1] ?? ''))
  const ids = new Set([...names].flatMap((list) => (list === '' ? [] : list.slice(1, -1).split('","'))))
  const tasks: Task[] = []
  for (const id of ids) {
    if (known.has(id)) continue
    const task = await past.task(id)
    if (task !== undefined) tasks.push(task)
  }
  return tasks
}

function sent({ parsed, schemaText }: PolicyBundle): SentPolicies {
  return { parsed, schemaText }
}
