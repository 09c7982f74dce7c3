import { callDigest } from '../approvals/call-digest.ts'
import { cancel, expireIfDue, requestApproval, use } from '../approvals/machine.ts'
import { renderPrompt } from '../approvals/prompt.ts'
import type { Approval } from '../core/approval.ts'
import type { Change } from '../core/change.ts'
import type { Decision } from '../core/decision.ts'
import { newId, type ApprovalId, type DecisionId, type Digest } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'
import type { NewRecord } from '../core/record.ts'
import { approvalRecord } from './approval-records.ts'
import { decide, type ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'

/** What consent makes of a decision, and what has to be written for it to hold. */
export interface ConsentStep {
  readonly decision: Decision
  /** As it will stand once the changes are committed. */
  readonly approval: Approval
  readonly changes: readonly Change[]
  readonly records: readonly NewRecord[]
}

/** Step 4: finds the approval of exactly this call and attaches to it, or opens one. */
export async function seekConsent(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: { readonly decision: Decision; readonly id: DecisionId },
): Promise<ConsentStep> {
  const { chain } = considered.caller
  const { task } = chain
  const digest = digestOf(deps, considered)
  const known = await deps.approvals.findByCall(task.tenant, task.id, digest)
  if (known === undefined) return open(deps, considered, { ...asked, digest })
  const current = expireIfDue(known, considered.facts.now)
  switch (current.state) {
    case 'pending':
      return { decision: asked.decision, approval: current, changes: [], records: [] }
    case 'refused':
      return { decision: refusedDecision(current), approval: current, changes: [], records: [] }
    case 'granted':
      return attach(deps, considered, { ...asked, digest, granted: current })
    case 'expired':
    case 'cancelled':
    case 'used': {
      const fresh = open(deps, considered, { ...asked, digest })
      return current.state === known.state ? fresh : after(deps, fresh, { chain, from: known, to: current })
    }
  }
}

/** A granted call is decided again before it runs; gates that it does not cover ask anew. */
function attach(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: { decision: Decision; id: DecisionId; digest: Digest; granted: Approval },
): ConsentStep {
  const { granted } = asked
  const decision = decide(
    considered,
    granted.gates.map((gate) => gate.scope),
  )
  if (decision.effect === 'allow') {
    const used = use(granted, considered.facts.now)
    return { decision, approval: used, changes: [change(granted, used)], records: [] }
  }
  if (decision.effect === 'deny') return { decision, approval: granted, changes: [], records: [] }
  const cancelled = cancel(granted)
  return after(deps, open(deps, considered, asked), {
    chain: considered.caller.chain,
    from: granted,
    to: cancelled,
  })
}

function open(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: { decision: Decision; id: DecisionId; digest: Digest },
): ConsentStep {
  const { caller, call, classification, facts } = considered
  const { task } = caller.chain
  const { gates } = asked.decision
  const shortest = Math.min(deps.settings.consentLifetime, ...gates.map((gate) => gate.timeout * 1_000))
  const expires = Math.min(facts.now + shortest, task.expires)
  const prompt = renderPrompt({
    chain: caller.chain,
    human: caller.human,
    call,
    operations: classification.operations,
    gates,
    expires,
    digest: asked.digest,
    ...deps.classifier.previewEdit(call, task.workspace === undefined ? {} : { workspace: task.workspace }),
  })
  const approval = requestApproval({
    id: newId('apr', deps.entropy.bytes(16)) as ApprovalId,
    task,
    call: { server: call.server, tool: call.tool, digest: asked.digest },
    decision: asked.id,
    gates,
    prompt,
    now: facts.now,
    expires,
  })
  return {
    decision: asked.decision,
    approval,
    changes: [{ kind: 'insert-approval', approval }],
    records: [
      approvalRecord(deps, { kind: 'approval.requested', approval, chain: caller.chain, now: facts.now }),
    ],
  }
}

function after(
  deps: GateDeps,
  step: ConsentStep,
  ended: { readonly chain: TaskChain; readonly from: Approval; readonly to: Approval },
): ConsentStep {
  const kind = ended.to.state === 'expired' ? 'approval.expired' : 'approval.cancelled'
  const record = approvalRecord(deps, { kind, approval: ended.to, chain: ended.chain, now: deps.clock.now() })
  return {
    ...step,
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

function refusedDecision(approval: Approval): Decision {
  const policies = approval.gates.map((gate) => gate.policy).toSorted()
  return {
    effect: 'deny',
    reasons: policies.map((policy) => ({ policy, text: 'a human refused exactly this call' })),
    policies,
    gates: [],
    obligations: [],
    errors: [],
  }
}
