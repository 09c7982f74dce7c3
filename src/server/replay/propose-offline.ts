import type { DecisionRow } from '../../audit/ledger-source.ts'
import type { Task } from '../../core/identity.ts'
import type { RecordDetail, RecordEnvelope } from '../../core/record.ts'
import { chainOf } from '../../gate/replay/past-tasks.ts'
import { passesFilter, type ReplayFilter } from '../../gate/replay/replay-filter.ts'
import type { PolicyProposal } from '../../gate/replay/policy-proposal.ts'
import { requestOfRecord } from '../../gate/replay/request-of-record.ts'
import { BUILTIN_PREFIX } from '../../policy/builtin-policies.ts'
import type { PolicyBundle } from '../../policy/load-policy-set.ts'
import { narrowPermits } from '../../policy/propose/narrow-permits.ts'
import { ObservedUse } from '../../policy/propose/observed-use.ts'
import { runPolicyWorker } from '../../policy/run-policy-worker.ts'
import { splitPolicies } from '../../policy/split-policies.ts'
import type { OfflineLedger } from '../offline-ledger.ts'
import { bundleOfText } from './bundle-of-text.ts'
import type { PastDecisions } from './past-decisions.ts'
import { replayDecisions } from './replay-decisions.ts'
import { currentPolicies, withPast } from './replay-offline.ts'

export interface ProposalWish {
  readonly workflow: string
  readonly filter: ReplayFilter
  /** Different things that have to be used before what holds them is permitted. */
  readonly support: number
  /** Called now and then with how many decisions were read. */
  readonly progress?: (records: number) => void
  /** Threads at most, for what it would have made of them. */
  readonly threads?: number
}

/** @throws RemitError `state_unreadable`, `config_invalid`, `policy_invalid`. */
export async function proposeOffline(where: OfflineLedger, wish: ProposalWish): Promise<PolicyProposal> {
  const current = await currentPolicies(where)
  return withPast(where, (past) => propose(past, current, { ...wish, now: () => Date.now() }))
}

const TOLD_EVERY = 1_000

/** The least that a workflow needs of what it has now, going by what it did. */
export async function propose(
  past: PastDecisions,
  current: PolicyBundle,
  wish: ProposalWish & { readonly now: () => number },
): Promise<PolicyProposal> {
  const { workflow, support, now } = wish
  const filter = { ...wish.filter, workflow }
  const use = await observe(past, current, { filter, progress: wish.progress })
  const present = current.parsed.policies.filter(({ id }) => !id.startsWith(BUILTIN_PREFIX))
  const { policies, unused } = narrowPermits(present, use, { workflow, support })
  const printed = await runPolicyWorker('print', { policies: policies.map(({ est }) => est) })
  const cedar = commented(printed, { workflow, comments: policies.map(({ comment }) => comment) })
  const candidate = await bundleOfText([{ file: 'proposal.cedar', text: cedar }], current.schemaText)
  const { threads } = wish
  const request = { candidate, baseline: current, filter, now, ...(threads === undefined ? {} : { threads }) }
  const replay = await replayDecisions(past, request)
  return { workflow, cedar, calls: use.calls, leftOut: use.unfit, unused, replay }
}

async function observe(
  past: PastDecisions,
  current: PolicyBundle,
  {
    filter,
    progress,
  }: { readonly filter: ReplayFilter; readonly progress: ((records: number) => void) | undefined },
): Promise<ObservedUse> {
  const use = new ObservedUse(current.set)
  const tasks = new Map<string, Task>()
  let records = 0
  for await (const row of past.rows(filter.since ?? -Infinity)) {
    records += 1
    if (records % TOLD_EVERY === 0) progress?.(records)
    const { envelope, detail } = read(row)
    const { decision, identity } = envelope
    if (envelope.kind !== 'decision' || decision?.effect !== 'allow' || identity === undefined) continue
    if (decision.observed !== undefined || envelope.glass !== undefined) continue
    if (!passesFilter(envelope, Date.parse(envelope.at), filter) || detail?.secrets !== undefined) continue
    for (const id of identity.chain) {
      const task = tasks.get(id) ?? (await past.task(id))
      if (task !== undefined) tasks.set(id, task)
    }
    const known = detail === undefined ? {} : { detail }
    const request = requestOfRecord({ envelope, ...known }, chainOf(tasks, identity.chain))
    if (typeof request !== 'string') use.add(request)
  }
  return use
}

function read({ body, detail }: DecisionRow): {
  readonly envelope: RecordEnvelope
  readonly detail: RecordDetail | undefined
} {
  return {
    envelope: JSON.parse(body) as RecordEnvelope,
    detail: detail === undefined ? undefined : (JSON.parse(detail) as RecordDetail),
  }
}

/** The text with what each policy was made from above it. */
function commented(
  text: string,
  { workflow, comments }: { readonly workflow: string; readonly comments: readonly (string | undefined)[] },
): string {
  const name = JSON.stringify(workflow)
  const head = `// Least privilege for the workflow ${name}, from what it did. All else is as before.\n\n`
  let [out, from] = [head, 0]
  for (const [index, { offset }] of splitPolicies(text).entries()) {
    const comment = comments[index]
    out += `${text.slice(from, offset)}${comment === undefined ? '' : `// ${comment}\n`}`
    from = offset
  }
  return `${out}${text.slice(from).trimEnd()}\n`
}
