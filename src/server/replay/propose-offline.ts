import type { DecisionRow } from '../../audit/ledger-source.ts'
import type { Task } from '../../core/identity.ts'
import type { RecordDetail, RecordEnvelope } from '../../core/record.ts'
import { chainOf } from '../../gate/replay/past-tasks.ts'
import { passesFilter, type ReplayFilter } from '../../gate/replay/replay-filter.ts'
import type { ReplayReport } from '../../gate/replay/replay-report.ts'
import { requestOfRecord } from '../../gate/replay/request-of-record.ts'
import { BUILTIN_FILE, BUILTIN_POLICIES, BUILTIN_PREFIX } from '../../policy/builtin-policies.ts'
import { compilePolicySet } from '../../policy/compile-policy-set.ts'
import type { PolicyBundle } from '../../policy/load-policy-set.ts'
import { parsePolicies } from '../../policy/parse-policies.ts'
import { PolicyCache } from '../../policy/policy-cache.ts'
import { narrowPermits } from '../../policy/propose/narrow-permits.ts'
import { ObservedUse, type Unfit } from '../../policy/propose/observed-use.ts'
import { runPolicyWorker } from '../../policy/run-policy-worker.ts'
import { splitPolicies } from '../../policy/split-policies.ts'
import type { OfflineLedger } from '../offline-ledger.ts'
import type { PastDecisions } from './past-decisions.ts'
import { replayDecisions } from './replay-decisions.ts'
import { currentPolicies, withPast } from './replay-offline.ts'

export interface PolicyProposal {
  readonly workflow: string
  /** Formatted Cedar that passes `remit policy check`: a folder’s only file. */
  readonly cedar: string
  /** Calls that it was made from, and those that ran and say nothing of what is needed. */
  readonly calls: number
  readonly leftOut: Readonly<Record<Unfit, number>>
  /** Permits that the workflow has now and did not use. */
  readonly unused: readonly string[]
  /** What it would have made of the same calls, beside the policies in force. */
  readonly replay: ReplayReport
}

export interface ProposalWish {
  readonly workflow: string
  readonly filter: ReplayFilter
  /** Different things that have to be used before what holds them is permitted. */
  readonly support: number
}

/** @throws RemitError `state_unreadable`, `config_invalid`, `policy_invalid`. */
export async function proposeOffline(where: OfflineLedger, wish: ProposalWish): Promise<PolicyProposal> {
  const current = await currentPolicies(where)
  return withPast(where, (past) => propose(past, current, { ...wish, now: () => Date.now() }))
}

/** The least that a workflow needs of what it has now, going by what it did. */
export async function propose(
  past: PastDecisions,
  current: PolicyBundle,
  wish: ProposalWish & { readonly now: () => number },
): Promise<PolicyProposal> {
  const { workflow, support, now } = wish
  const filter = { ...wish.filter, workflow }
  const use = await observe(past, current, filter)
  const present = current.parsed.policies.filter(({ id }) => !id.startsWith(BUILTIN_PREFIX))
  const { policies, unused } = narrowPermits(present, use, { workflow, support })
  const printed = await runPolicyWorker('print', { policies: policies.map(({ est }) => est) })
  const cedar = commented(printed, { workflow, comments: policies.map(({ comment }) => comment) })
  const candidate = await bundleOf(cedar, current.schemaText)
  const replay = await replayDecisions(past, { candidate, baseline: current, filter, now })
  return { workflow, cedar, calls: use.calls, leftOut: use.unfit, unused, replay }
}

async function observe(
  past: PastDecisions,
  current: PolicyBundle,
  filter: ReplayFilter,
): Promise<ObservedUse> {
  const use = new ObservedUse(current.set)
  const tasks = new Map<string, Task>()
  for await (const row of past.rows(filter.since ?? -Infinity)) {
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

/** As `remit policy check` would take it. @throws RemitError `policy_invalid`. */
async function bundleOf(text: string, schemaText: string): Promise<PolicyBundle> {
  const sources = [
    { file: BUILTIN_FILE, text: BUILTIN_POLICIES },
    { file: 'proposal.cedar', text },
  ]
  const schema = { file: 'remit.cedarschema', text: schemaText }
  const parsed = await parsePolicies(sources, schema, new PolicyCache(undefined))
  return { parsed, schemaText, set: compilePolicySet(parsed, schemaText) }
}
