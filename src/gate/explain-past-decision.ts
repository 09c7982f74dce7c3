import type { ApprovalStore } from '../approvals/approval-store.ts'
import type { RecordReader, StoredRecord } from '../audit/record-reader.ts'
import type { Decision, Effect } from '../core/decision.ts'
import { RemitError } from '../core/errors.ts'
import type { ApprovalId, HumanId, TenantId } from '../core/ids.ts'
import type { RecordEnvelope } from '../core/record.ts'
import type { TaskStore } from '../identity/task-store.ts'
import type { Explanation } from '../policy/explanation.ts'
import type { DecisionRequest, LoadedPolicySet } from '../policy/policy-set.ts'
import { recallRequest } from './recall-request.ts'

/** What explaining needs: a running gateway has it, and so have the files of one that does not run. */
export interface PastDeps {
  readonly tenant: TenantId
  /** Whose decisions alone are there; absent = everybody's. */
  readonly human?: HumanId
  readonly records: RecordReader
  readonly tasks: Pick<TaskStore, 'get'>
  readonly approvals: Pick<ApprovalStore, 'get'>
  readonly policies: {
    current(): LoadedPolicySet
    /** A set that was in force; undefined = no copy of it is left. */
    find(hash: string): Promise<LoadedPolicySet | undefined>
  }
}

/** A decision as the ledger has it, and why it was made. */
export interface PastDecision {
  readonly id: string
  /** RFC 3339. */
  readonly at: string
  /** As it stands on the record, whatever policies say today. */
  readonly decided: NonNullable<RecordEnvelope['decision']>
  readonly reasons: Decision['reasons']
  readonly identity?: RecordEnvelope['identity']
  readonly call?: RecordEnvelope['call']
  readonly intent?: string
  readonly approval?: RecordEnvelope['approval']
  readonly outcome?: RecordEnvelope['outcome']
  readonly explanation?: {
    /** Hash of the policies that the explanation speaks of. */
    readonly under: string
    /** False = the policies that decided are not to be had: these are the ones in force now. */
    readonly original: boolean
  } & Explanation
  /** Why there is no explanation. */
  readonly unexplained?: string
  /** What the policies in force now would say to the same request; absent where they are the ones that decided. */
  readonly today?: {
    readonly policyHash: string
    readonly effect: Effect
    readonly policies: readonly string[]
    readonly differs: boolean
  }
}

/** Stands for the newest decision that did not let its call pass. */
export const LAST_STOPPED = 'last'
const MOST_SEARCHED = 10_000
const INDEX = /^\d{1,15}$/

/**
 * Explains a decision on record by its id, by the id of the approval that it asked for, or the last one that
 * stopped a call. Nothing is decided anew but for the explanation.
 * @throws RemitError `decision_unknown`.
 */
export async function explainPastDecision(deps: PastDeps, id: string): Promise<PastDecision> {
  const record = await findDecision(deps, id)
  const { envelope, detail } = record
  const { decision: decided, identity, call, approval } = envelope
  if (decided === undefined) throw unknown(id)
  const outcome = await outcomeOf(deps, envelope.id)
  const request = await recallRequest(deps.tasks, record)
  const why = typeof request === 'string' ? { unexplained: request } : await explain(deps, envelope, request)
  return {
    id: envelope.id,
    at: envelope.at,
    decided,
    reasons: detail?.reasons ?? [],
    ...(identity === undefined ? {} : { identity }),
    ...(call === undefined ? {} : { call }),
    ...(detail?.intent === undefined ? {} : { intent: detail.intent }),
    ...(approval === undefined ? {} : { approval }),
    ...(outcome === undefined ? {} : { outcome }),
    ...why,
  }
}

async function explain(
  { policies }: PastDeps,
  envelope: RecordEnvelope,
  request: DecisionRequest,
): Promise<Pick<PastDecision, 'explanation' | 'today'>> {
  const current = policies.current()
  const hash = envelope.decision?.policyHash ?? ''
  if (current.hash === hash) {
    return { explanation: { under: current.hash, original: true, ...current.explain(request) } }
  }
  const then = await policies.find(hash)
  const set = then ?? current
  const { effect, policies: ids } = current.decide(request)
  const before = then?.decide(request).effect ?? enforcedEffect(envelope)
  return {
    explanation: { under: set.hash, original: then !== undefined, ...set.explain(request) },
    today: { policyHash: current.hash, effect, policies: ids, differs: effect !== before },
  }
}

/** What the rules said, before a human refused it or observe mode let it through. */
function enforcedEffect({ decision, approval }: RecordEnvelope): Effect | undefined {
  if (decision?.observed !== undefined) return decision.observed.effect
  return approval?.state === 'refused' ? 'consent' : decision?.effect
}

async function findDecision(deps: PastDeps, id: string): Promise<StoredRecord> {
  const { tenant, records, human } = deps
  const whose = human === undefined ? {} : { human }
  if (id === LAST_STOPPED) {
    const recent = await records.query({ ...whose, tenant, kind: 'decision', limit: MOST_SEARCHED })
    const stopped = recent.find(({ envelope }) => envelope.decision?.effect !== 'allow')
    if (stopped !== undefined) return stopped
    throw new RemitError(
      'decision_unknown',
      'no call was stopped yet; `remit audit tail` shows every decision',
    )
  }
  if (INDEX.test(id)) return findByIndex(deps, Number(id))
  const approval = id.startsWith('apr_') ? await deps.approvals.get(tenant, id as ApprovalId) : undefined
  const [found] = await records.query({
    ...whose,
    tenant,
    id: approval?.decision ?? id,
    kind: 'decision',
    limit: 1,
  })
  if (found === undefined) throw unknown(id)
  return found
}

/** By its place in the ledger, as replays name examples. */
async function findByIndex({ tenant, records, human }: PastDeps, index: number): Promise<StoredRecord> {
  const whose = human === undefined ? {} : { human }
  const between = { after: index - 1, before: index + 1 }
  const [found] = await records.query({ ...whose, ...between, tenant, kind: 'decision', limit: 1 })
  if (found === undefined) throw unknown(String(index))
  return found
}

async function outcomeOf({ tenant, records }: PastDeps, id: string): Promise<RecordEnvelope['outcome']> {
  const [found] = await records.query({ tenant, id, kind: 'outcome', limit: 1 })
  return found?.envelope.outcome
}

function unknown(id: string): RemitError {
  return new RemitError(
    'decision_unknown',
    `no decision or approval \`${id}\` is on record; \`remit audit tail --kind decision --json\` lists decisions with their ids, and \`remit explain ${LAST_STOPPED}\` takes the last one that stopped a call`,
  )
}
