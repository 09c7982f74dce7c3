import { parentPort, workerData } from 'node:worker_threads'
import { asRemitError } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import { SILENT } from '../../core/log.ts'
import type { PolicyProposal } from '../../gate/replay/policy-proposal.ts'
import type { ReplayFilter } from '../../gate/replay/replay-filter.ts'
import type { ReplayReport } from '../../gate/replay/replay-report.ts'
import { compilePolicySet } from '../../policy/compile-policy-set.ts'
import type { PolicyBundle } from '../../policy/load-policy-set.ts'
import { openSqliteLedger } from '../../store/sqlite/open-sqlite-ledger.ts'
import { openSqliteReader } from '../../store/sqlite/open-sqlite-reader.ts'
import { storedDecisions, type PastDecisions } from './past-decisions.ts'
import { propose } from './propose-offline.ts'
import { replayDecisions } from './replay-decisions.ts'
import type { SentPolicies } from './replay-work.ts'

/** What the thread is started with. */
export interface PastOrder {
  /** Where the ledger is read: a file of SQLite, or the URL of PostgreSQL. */
  readonly ledger: { readonly file: string } | { readonly url: string }
  readonly tenant: string
  readonly filter: ReplayFilter
  readonly threads: number
  /** Those to be tried, or those in force, of which less is proposed. */
  readonly policies: SentPolicies
  readonly work:
    | { readonly kind: 'replay'; readonly baseline?: SentPolicies }
    | { readonly kind: 'propose'; readonly workflow: string; readonly support: number }
}

/** What the thread says. */
export type FromPastThread =
  | { readonly records: number }
  | { readonly report: ReplayReport }
  | { readonly proposal: PolicyProposal }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string } }

const TOLD_EVERY_MS = 200

/** The ledger as it is now, through connections of its own: the gateway’s thread reads nothing of it. */
async function withLedger<T>(
  { ledger, tenant }: PastOrder,
  read: (past: PastDecisions) => Promise<T>,
): Promise<T> {
  const { source, reader } = 'file' in ledger ? openFile(ledger.file) : await openDatabase(ledger.url)
  try {
    return await read(storedDecisions(source, reader.tasks, tenant))
  } finally {
    source.close()
    reader.close()
  }
}

function openFile(file: string) {
  return { source: openSqliteLedger(file), reader: openSqliteReader(file) }
}

async function openDatabase(url: string) {
  const { openPostgresLedger } = await import('../../store/postgres/open-postgres-ledger.ts')
  const { openPostgresReader } = await import('../../store/postgres/open-postgres-store.ts')
  const place = { url, log: SILENT }
  return { source: await openPostgresLedger(place), reader: openPostgresReader(place) }
}

function compiled({ parsed, schemaText }: SentPolicies): PolicyBundle {
  return { parsed, schemaText, set: compilePolicySet(parsed, schemaText) }
}

function say(said: FromPastThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  parentPort?.postMessage(said)
}

async function run(order: PastOrder): Promise<FromPastThread> {
  const { filter, threads, work } = order
  let told = 0
  const progress = (records: number): void => {
    if (Date.now() - told < TOLD_EVERY_MS) return
    told = Date.now()
    say({ records })
  }
  const common = { filter, threads, progress, now: () => Date.now() }
  const policies = compiled(order.policies)
  return withLedger(order, async (past) => {
    if (work.kind === 'propose') return { proposal: await propose(past, policies, { ...common, ...work }) }
    const baseline = work.baseline === undefined ? undefined : compiled(work.baseline)
    return { report: await replayDecisions(past, { ...common, candidate: policies, baseline }) }
  })
}

run(workerData as PastOrder).then(say, (thrown: unknown) => {
  const { code, message } = asRemitError(thrown)
  say({ failed: { code, message } })
})
