import { groupsOf } from '../core/actions.ts'
import type { Decision } from '../core/decision.ts'
import { RemitError } from '../core/errors.ts'
import type { Change } from '../core/change.ts'
import type { FactIncrements } from '../core/facts.ts'
import { newId, type DecisionId } from '../core/ids.ts'
import type { Operation } from '../core/operation.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { loadChain } from '../identity/task-chain.ts'
import { decisionRecord, rootIncrements, type DecidedCall } from './build-records.ts'
import { considerCall, decide, type ConsideredCall } from './consider-call.ts'
import { approvalPending, approvalRefused, callDenied } from './explain-denial.ts'
import { denyInOutage } from './consent-outage.ts'
import type { Caller, Verdict } from './gate.ts'
import type { UpstreamCredentials } from './credentials.ts'
import type { GateDeps } from './gate-deps.ts'
import { knownHuman } from './identify.ts'
import { rootOf } from './gather-facts.ts'
import { limitAsking } from './limit-asking.ts'
import type { OpenCalls } from './open-calls.ts'
import { recordOutcome } from './record-outcome.ts'
import { seekConsent, type ConsentStep } from './seek-consent.ts'
import { addFacts } from './take-budget.ts'

/** A caller identified longer ago than this (a call that was held) is looked up again. */
const FRESH_MS = 100
/** Lost races (for an approval, for what is left of a budget, with a revocation) before the caller is told to try again. */
const ATTEMPTS = 8

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
  if (call.door === 'mcp' && call.kind === 'tool') deps.presence?.called(caller, call.correlation.toolUse)
  let current = isFresh(deps, caller) ? caller : await refresh(deps, caller)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // What lost a race was decided with what is not so any more.
    if (attempt > 0) current = await refresh(deps, caller)
    const considered = await considerCall(deps, current, call)
    const id = newId('dec', deps.entropy.bytes(16)) as DecisionId
    const first = decide(considered)
    const asked = { decision: first, id }
    const consent =
      first.effect === 'consent'
        ? await withinBudget(deps, considered, asked).catch((thrown: unknown) =>
            denyInOutage(deps, asked, thrown),
          )
        : undefined
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
  throw new RemitError(
    'overloaded',
    'too many calls race for the same approval, or for what is left of a budget; retry the same call',
  )
}

/** A task that has asked people as often as it may does not ask again. */
async function withinBudget(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: { readonly decision: Decision; readonly id: DecisionId },
): Promise<ConsentStep> {
  const step = await seekConsent(deps, considered, asked)
  if (step.approval?.decision !== asked.id) return step
  if (!(await consentsUsedUp(deps, considered))) return limitAsking(deps, considered, step)
  const facts = { ...considered.facts, budgetExhausted: true, exhausted: ['consents' as const] }
  const decision = decide({ ...considered, facts })
  return { decision, facts, scopes: [], changes: [], records: [], changed: [] }
}

async function consentsUsedUp(deps: GateDeps, { caller, facts }: ConsideredCall): Promise<boolean> {
  const { task, ancestors } = caller.chain
  const root = rootOf(caller.chain)
  for (const each of [task, ...ancestors]) {
    const limit = each.budget.consents
    if (limit === undefined) continue
    const { consents } = each === root ? facts.history : await deps.tasks.facts(each.tenant, each.id)
    if (consents >= limit) return true
  }
  return false
}

function isFresh(deps: GateDeps, caller: Caller): boolean {
  return deps.clock.now() - caller.identifiedAt < FRESH_MS
}

/** @throws RemitError `task_unknown` when the task or its human went away while the call was held. */
async function refresh(deps: GateDeps, caller: Caller): Promise<Caller> {
  const now = deps.clock.now()
  const { task } = caller.chain
  const standing = await deps.tasks.standing(task.tenant)
  const chain = await loadChain(deps.tasks, task.tenant, task.id)
  const human = await knownHuman(deps, task, standing)
  if (chain === undefined || human === undefined) {
    throw new RemitError(
      'task_unknown',
      'the task of this call is not known here any more; ask for a new task',
    )
  }
  return { ...caller, chain, human, standing, identifiedAt: now }
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
  const { caller, call, classification, takings, policies, redacted } = considered
  const { consent, ...rest } = made
  const facts = consent?.facts ?? considered.facts
  const { approval, glass, grant, scopes = [] } = consent ?? {}
  return {
    ...rest,
    caller,
    call,
    classification,
    redacted,
    takings,
    // The facts that the final decision saw: with the scopes of the approval or grant that it used.
    facts: scopes.length > 0 ? { ...facts, approvals: scopes } : facts,
    policyHash: policies.hash,
    ...(approval === undefined ? {} : { approval }),
    ...(grant === undefined ? {} : { grant }),
    ...(glass === undefined ? {} : { glass }),
  }
}

/**
 * Step 5. False when the world changed since the call was considered: another call took the approval or the rest of a
 * budget, or something was revoked or stopped. Then nothing of this one was written.
 */
async function record(
  deps: GateDeps,
  decided: DecidedCall,
  consent: ConsentStep | undefined,
): Promise<boolean> {
  const { standing, chain } = decided.caller
  const outcome = await deps.journal.commit({
    records: [...(consent?.records ?? []), decisionRecord(decided)],
    changes: [
      { kind: 'expect-standing', tenant: chain.task.tenant, revision: standing.revision },
      ...(consent?.changes ?? []),
      ...increments(decided),
    ],
  })
  if (outcome === 'conflict') return false
  for (const approval of consent?.changed ?? []) deps.events.approvalChanged(approval)
  if (tookLastCall(decided)) deps.events.listChanged({ root: rootOf(chain).id })
  return true
}

/** With its budget of calls a tree of tasks has used up its lists. */
function tookLastCall({ caller, decision, facts: { history }, takings }: DecidedCall): boolean {
  const { calls } = rootOf(caller.chain).budget
  if (calls === undefined || decision.effect !== 'allow') return false
  return history.calls < calls && history.calls + (takings.root.calls ?? 0) >= calls
}

function increments(decided: DecidedCall): readonly Change[] {
  const { caller, decision, takings } = decided
  const { chain } = caller
  const root = rootOf(chain)
  if (decision.effect === 'deny') return [rootIncrements(caller, { denials: 1 })]
  if (decision.effect === 'consent') {
    if (decided.approval?.decision !== decided.id) return []
    return [chain.task, ...chain.ancestors]
      .filter((task) => task === root || task.budget.consents !== undefined)
      .map((task) => addFacts(task, { consents: 1 }))
  }
  const labels = decided.classification.operations
    .filter(({ action }) => groupsOf(action).includes('read'))
    .flatMap((operation) => operation.labels)
  const add: FactIncrements = { ...takings.root, ...(labels.length > 0 ? { labels } : {}) }
  return [addFacts(root, add), ...takings.changes]
}

async function conclude(deps: GateDeps, open: OpenCalls, decided: DecidedCall): Promise<Verdict> {
  const { id, decision, approval } = decided
  deps.observer.decided(decision.effect, decided.micros)
  const answer = { decisionId: id, decision }
  switch (decision.effect) {
    case 'allow': {
      const stopped = open.add(decided)
      const credentials = await credentialsFor(deps, open, decided)
      return {
        effect: 'allow',
        ...answer,
        stopped,
        credentials,
        ...(approval === undefined ? {} : { consented: true }),
        ...(decided.classification.operations.some(({ action }) => action === 'agent.delegate')
          ? { delegates: true }
          : {}),
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
      return {
        effect: 'deny',
        ...answer,
        error: refused ? approvalRefused(approval, id) : callDenied(decision, id, decided.facts.exhausted),
      }
    }
  }
}

/** What is not understood, or does nothing that is known, is no reading. */
function onlyReads(operations: readonly Operation[]): boolean {
  const targets = operations.filter(({ action }) => action !== 'tool.call')
  return (
    targets.length > 0 && targets.every(({ action, opaque }) => !opaque && groupsOf(action).includes('read'))
  )
}

/** Without its credential an allowed call cannot leave; the record says so. */
async function credentialsFor(
  deps: GateDeps,
  open: OpenCalls,
  decided: DecidedCall,
): Promise<UpstreamCredentials> {
  const { chain } = decided.caller
  try {
    const { server } = decided.call
    const effect = onlyReads(decided.classification.operations) ? 'read' : 'write'
    return await deps.credentials.credentialsFor({ server, chain, effect })
  } catch (thrown) {
    const error = 'the credential for this server could not be had'
    await recordOutcome(deps, open, decided.id, { status: 'error', micros: 0, bytes: 0, error })
    throw thrown
  }
}
