import { groupsOf } from '../core/actions.ts'
import type { Decision } from '../core/decision.ts'
import { RemitError } from '../core/errors.ts'
import type { FactIncrements } from '../core/facts.ts'
import { newId, type DecisionId } from '../core/ids.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { loadChain } from '../identity/task-chain.ts'
import { decisionRecord, rootIncrements, type DecidedCall } from './build-records.ts'
import { considerCall, decide, type ConsideredCall } from './consider-call.ts'
import { approvalPending, approvalRefused, callDenied } from './explain-denial.ts'
import type { Caller, Verdict } from './gate.ts'
import type { UpstreamCredentials } from './credentials.ts'
import type { GateDeps } from './gate-deps.ts'
import type { OpenCalls } from './open-calls.ts'
import { recordOutcome } from './record-outcome.ts'
import { seekConsent, type ConsentStep } from './seek-consent.ts'

/** A caller identified longer ago than this (a call that was held) is looked up again. */
const FRESH_MS = 100
/** Lost races for one approval before the caller is told to try again. */
const ATTEMPTS = 4

/**
 * The way of a call: classify ▸ decide ▸ consent ▸ record. Identifying comes before, acting and inspecting after.
 * Resolves when the decision is durable.
 */
export async function authorizeToolCall(
  deps: GateDeps,
  open: OpenCalls,
  caller: Caller,
  call: ToolCall,
): Promise<Verdict> {
  const started = deps.clock.micros()
  const current = isFresh(deps, caller) ? caller : await refresh(deps, caller)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const considered = await considerCall(deps, current, call)
    const id = newId('dec', deps.entropy.bytes(16)) as DecisionId
    const first = decide(considered)
    const consent =
      first.effect === 'consent' ? await seekConsent(deps, considered, { decision: first, id }) : undefined
    const decided = decidedCall(considered, {
      id,
      decision: consent?.decision ?? first,
      micros: deps.clock.micros() - started,
      consent,
    })
    if (await record(deps, decided, consent)) {
      return conclude(deps, open, decided)
    }
  }
  throw new RemitError('overloaded', 'too many calls race for the same approval; retry the same call')
}

function isFresh(deps: GateDeps, caller: Caller): boolean {
  return deps.clock.now() - caller.identifiedAt < FRESH_MS
}

/** @throws RemitError `task_unknown` when the task or its human went away while the call was held. */
async function refresh(deps: GateDeps, caller: Caller): Promise<Caller> {
  const now = deps.clock.now()
  const { task } = caller.chain
  const chain = await loadChain(deps.tasks, task.tenant, task.id)
  const human = deps.humans.find(task.tenant, task.human)
  if (chain === undefined || human === undefined) {
    throw new RemitError(
      'task_unknown',
      'the task of this call is not known here any more; ask for a new task',
    )
  }
  return { ...caller, chain, human, identifiedAt: now }
}

function decidedCall(
  considered: ConsideredCall,
  made: {
    readonly id: DecisionId
    readonly decision: Decision
    readonly micros: number
    readonly consent: ConsentStep | undefined
  },
): DecidedCall {
  const { caller, call, classification, facts, policies, redacted } = considered
  const { consent, ...rest } = made
  const { approval, grant, scopes = [] } = consent ?? {}
  return {
    ...rest,
    caller,
    call,
    classification,
    redacted,
    // The facts that the final decision saw: with the scopes of the approval or grant that it used.
    facts: scopes.length > 0 ? { ...facts, approvals: scopes } : facts,
    policyHash: policies.hash,
    ...(approval === undefined ? {} : { approval }),
    ...(grant === undefined ? {} : { grant }),
  }
}

/** Step 5. False when another call took the approval first: then nothing of this one was written. */
async function record(
  deps: GateDeps,
  decided: DecidedCall,
  consent: ConsentStep | undefined,
): Promise<boolean> {
  const outcome = await deps.journal.commit({
    records: [...(consent?.records ?? []), decisionRecord(decided)],
    changes: [...(consent?.changes ?? []), rootIncrements(decided.caller, increments(decided))],
  })
  if (outcome === 'conflict') return false
  for (const approval of consent?.changed ?? []) deps.events.approvalChanged(approval)
  return true
}

function increments(decided: DecidedCall): FactIncrements {
  const { effect } = decided.decision
  if (effect === 'deny') return { denials: 1 }
  if (effect === 'consent') return decided.approval?.decision === decided.id ? { consents: 1 } : {}
  const operations = decided.classification.operations
  const writes = operations.some(({ action }) => groupsOf(action).includes('write'))
  const labels = operations
    .filter(({ action }) => groupsOf(action).includes('read'))
    .flatMap((operation) => operation.labels)
  return { calls: 1, ...(writes ? { writes: 1 } : {}), ...(labels.length > 0 ? { labels } : {}) }
}

async function conclude(deps: GateDeps, open: OpenCalls, decided: DecidedCall): Promise<Verdict> {
  const { id, decision, approval } = decided
  deps.observer.decided(decision.effect, decided.micros)
  const answer = { decisionId: id, decision }
  switch (decision.effect) {
    case 'allow': {
      open.add(decided)
      const credentials = await credentialsFor(deps, open, decided)
      return {
        effect: 'allow',
        ...answer,
        credentials,
        ...(approval === undefined ? {} : { consented: true }),
      }
    }
    case 'consent': {
      if (approval === undefined)
        throw new RemitError('internal', 'a decision asks but no approval was opened')
      const url = `${deps.settings.adminUrl}/approvals/${approval.id}`
      return { effect: 'consent', ...answer, approval, url, error: approvalPending(approval, url) }
    }
    case 'deny': {
      const refused = approval?.state === 'refused'
      return { effect: 'deny', ...answer, error: refused ? approvalRefused(approval) : callDenied(decision) }
    }
  }
}

/** Without its credential an allowed call cannot leave; the record says so. */
async function credentialsFor(
  deps: GateDeps,
  open: OpenCalls,
  decided: DecidedCall,
): Promise<UpstreamCredentials> {
  const { chain } = decided.caller
  try {
    return await deps.credentials.credentialsFor(chain.task.tenant, decided.call.server, chain)
  } catch (thrown) {
    const error = 'the credential for this server could not be had'
    await recordOutcome(deps, open, decided.id, { status: 'error', micros: 0, bytes: 0, error })
    throw thrown
  }
}
