import { askedWork } from '../approvals/asked-work.ts'
import { callDigest } from '../approvals/call-digest.ts'
import type { EditPreview } from '../classify/classify.ts'
import { redactText } from '../classify/secrets/redact-secrets.ts'
import { cancel, expireIfDue, requestApproval, use } from '../approvals/machine.ts'
import { renderPrompt } from '../approvals/prompt.ts'
import type { Approval } from '../core/approval.ts'
import type { Change } from '../core/change.ts'
import type { Decision, Reason } from '../core/decision.ts'
import type { Coverage, Grant } from '../core/grant.ts'
import { newId, type ApprovalId, type DecisionId, type Digest } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'
import type { NewRecord } from '../core/record.ts'
import { approvalRecord } from './approval-records.ts'
import { decide, type ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import { rootOf } from './gather-facts.ts'
import { recallRefusal, refusedDecision } from './recall-refusal.ts'
import { useGlass } from './use-glass.ts'
import { coverageOfAsked, useGrant } from './use-grant.ts'

/** What consent makes of a decision, and what has to be written for it to hold. */
export interface ConsentStep {
  readonly decision: Decision
  /** As it will stand once the changes are committed; absent = a grant answered. */
  readonly approval?: Approval
  /** What let the call run without another question. */
  readonly grant?: Grant
  /** The glass is broken for the task. */
  readonly glass?: Approval
  /** Scopes with which the decision was made anew. */
  readonly scopes: readonly string[]
  readonly changes: readonly Change[]
  readonly records: readonly NewRecord[]
  /** Approvals that the changes change, for those who wait. */
  readonly changed: readonly Approval[]
}

/** What is asked about one call, and what is on record about it. */
interface Asking {
  readonly decision: Decision
  readonly id: DecisionId
  readonly digest: Digest
  /** Absent = the call can be agreed to once only. */
  readonly covers: Coverage | undefined
}

/**
 * Step 4: finds the approval of exactly this call and attaches to it, or a grant of the task for exactly this work;
 * else opens an approval.
 */
export async function seekConsent(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: { readonly decision: Decision; readonly id: DecisionId },
): Promise<ConsentStep> {
  const { task } = considered.caller.chain
  const digest = digestOf(deps, considered)
  const covers = coverageOfAsked(deps, considered, asked.decision)
  const known = await deps.approvals.findByCall(task.tenant, task.id, digest)
  const current = known && expireIfDue(known, considered.facts.now)
  const refused = current?.state === 'refused' ? current : await recallRefusal(deps, considered)
  if (refused !== undefined) {
    return { ...NOTHING_WRITTEN, decision: refusedDecision(refused), approval: refused }
  }
  if (current?.state === 'granted')
    return attach(deps, considered, { ...asked, digest, covers, granted: current })
  const given = await useGrant(deps, considered, { ...asked, covers })
  const decision =
    given !== undefined && 'lapsed' in given ? withReason(asked.decision, given.lapsed) : asked.decision
  const asking = { ...asked, decision, digest, covers }
  const covered =
    given !== undefined && 'step' in given ? given.step : await useGlass(deps, considered, asking)
  if (current?.state === 'pending') {
    if (covered === undefined) return { ...NOTHING_WRITTEN, decision, approval: current }
    return after(deps, covered, { considered, from: current, to: cancel(current) })
  }
  const step = covered ?? open(deps, considered, asking)
  if (known === undefined || current === undefined || current.state === known.state) return step
  return after(deps, step, { considered, from: known, to: current })
}

/** A grant that no longer counts is why the call asks, beside the gates. */
function withReason(decision: Decision, reason: Reason): Decision {
  return { ...decision, reasons: [...decision.reasons, reason] }
}

const NOTHING_WRITTEN = { scopes: [], changes: [], records: [], changed: [] } as const

/** A granted call is decided again before it runs; gates that it does not cover ask anew. */
function attach(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: Asking & { readonly granted: Approval },
): ConsentStep {
  const { granted } = asked
  const scopes = granted.gates.map((gate) => gate.scope)
  const decision = decide(considered, scopes)
  if (decision.effect === 'allow') {
    const used = use(granted, considered.facts.now)
    return {
      decision,
      approval: used,
      scopes,
      changes: [change(granted, used)],
      records: [],
      changed: [used],
    }
  }
  if (decision.effect === 'deny') return { ...NOTHING_WRITTEN, decision, approval: granted }
  return after(deps, open(deps, considered, asked), { considered, from: granted, to: cancel(granted) })
}

function open(deps: GateDeps, considered: ConsideredCall, asked: Asking): ConsentStep {
  const { caller, call, classification, facts, redacted } = considered
  const { task } = caller.chain
  const { gates } = asked.decision
  const shortest = Math.min(deps.settings.consentLifetime, ...gates.map((gate) => gate.timeout * 1_000))
  const expires = Math.min(facts.now + shortest, task.expires)
  const offer = asked.covers && { covers: asked.covers, expires: endOf(caller.chain) }
  const preview = deps.classifier.previewEdit(
    call,
    task.workspace === undefined ? {} : { workspace: task.workspace },
  )
  const prompt = renderPrompt({
    chain: caller.chain,
    human: caller.human,
    call: { ...call, arguments: redacted.arguments },
    operations: redacted.scrub(classification.operations),
    gates,
    expires,
    digest: asked.digest,
    ...(offer === undefined ? {} : { offer }),
    ...(asked.decision.observed === undefined ? {} : { observed: asked.decision.observed }),
    ...(preview === undefined ? {} : redactPreview(deps, preview)),
  })
  const approval = requestApproval({
    id: newId('apr', deps.entropy.bytes(16)) as ApprovalId,
    task,
    root: rootOf(caller.chain).id,
    call: { server: call.server, tool: call.tool, digest: asked.digest },
    work: askedWork(
      { operations: classification.operations, arguments: call.arguments },
      asked.decision,
      deps.sha256,
    ),
    decision: asked.id,
    gates,
    prompt,
    ...(offer === undefined ? {} : { offer }),
    now: facts.now,
    expires,
  })
  return {
    decision: asked.decision,
    approval,
    scopes: [],
    changed: [approval],
    changes: [{ kind: 'insert-approval', approval }],
    records: [
      approvalRecord(deps, { kind: 'approval.requested', approval, chain: caller.chain, now: facts.now }),
    ],
  }
}

/** The file may hold secrets that the call does not. */
function redactPreview({ scanner }: GateDeps, { before, after }: EditPreview): EditPreview {
  const redact = (text: string): string => redactText(text, scanner.search(text).finds)
  return { before: redact(before), after: redact(after) }
}

function after(
  deps: GateDeps,
  step: ConsentStep,
  ended: { readonly considered: ConsideredCall; readonly from: Approval; readonly to: Approval },
): ConsentStep {
  const kind = ended.to.state === 'expired' ? 'approval.expired' : 'approval.cancelled'
  const { chain } = ended.considered.caller
  const record = approvalRecord(deps, { kind, approval: ended.to, chain, now: deps.clock.now() })
  return {
    ...step,
    changed: [ended.to, ...step.changed],
    changes: [change(ended.from, ended.to), ...step.changes],
    records: [record, ...step.records],
  }
}

function change(from: Approval, to: Approval): Change {
  return {
    kind: 'update-approval',
    from: { id: from.id, state: from.state, votes: from.votes.length },
    approval: to,
  }
}

/** A grant ends with the first task of the chain that ends. */
function endOf({ task, ancestors }: TaskChain): number {
  return Math.min(task.expires, ...ancestors.map(({ expires }) => expires))
}

function digestOf(deps: GateDeps, considered: ConsideredCall): Digest {
  const { call, caller, policies } = considered
  return callDigest(
    {
      tenant: caller.chain.task.tenant,
      task: caller.chain.task.id,
      server: call.server,
      kind: call.kind,
      tool: call.tool,
      ...(call.definition === undefined ? {} : { definition: call.definition.digest }),
      arguments: call.arguments,
      policyHash: policies.hash,
    },
    deps.sha256,
  )
}
