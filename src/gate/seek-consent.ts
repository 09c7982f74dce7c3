import { callDigest } from '../approvals/call-digest.ts'
import { cancel, expireIfDue, use } from '../approvals/machine.ts'
import type { Approval } from '../core/approval.ts'
import type { Change } from '../core/change.ts'
import type { Decision, Reason } from '../core/decision.ts'
import type { Facts } from '../core/facts.ts'
import type { Grant } from '../core/grant.ts'
import type { DecisionId, Digest } from '../core/ids.ts'
import type { NewRecord } from '../core/record.ts'
import { approvalRecord } from './approval-records.ts'
import { decide, type ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import { recallRefusal, refusedDecision } from './recall-refusal.ts'
import { draftRequest, type Asking } from './draft-request.ts'
import { findProvenance } from './find-provenance.ts'
import { nobodyDecision, whyNobodyCan } from './find-approvers.ts'
import { useGlass } from './use-glass.ts'
import { coverageOfAsked, useGrant } from './use-grant.ts'
import { unshownDecision, whyUnshown } from './why-unshown.ts'
import { whyLapsed } from './why-lapsed.ts'
import { lookAtWorld } from './world/look-at-world.ts'

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
  /** The facts of the new decision, where they are others than those of the call. */
  readonly facts?: Facts
  readonly changes: readonly Change[]
  readonly records: readonly NewRecord[]
  /** Approvals that the changes change, for those who wait. */
  readonly changed: readonly Approval[]
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
  const coverage = coverageOfAsked(deps, considered, asked.decision)
  const known = await deps.approvals.findByCall(task.tenant, task.id, digest)
  const current = known && expireIfDue(known, considered.facts.now)
  const refused = current?.state === 'refused' ? current : await recallRefusal(deps, considered)
  if (refused !== undefined) {
    return { ...NOTHING_WRITTEN, decision: refusedDecision(refused), approval: refused }
  }
  const standing = current?.state === 'pending' || current?.state === 'granted' ? current : undefined
  const seen = standing && { look: await lookAtWorld(deps, considered) }
  const lapsed =
    standing && seen && whyLapsed(deps, considered, { approval: standing, decision: asked.decision, ...seen })
  if (standing?.state === 'granted' && lapsed === undefined)
    return attach(deps, considered, { ...asked, digest, ...coverage, look: seen?.look, granted: standing })
  const given = await useGrant(deps, considered, { ...asked, ...coverage })
  const reasons = [given !== undefined && 'lapsed' in given ? given.lapsed : undefined, lapsed]
  const decision = withReasons(asked.decision, reasons)
  const covered =
    given !== undefined && 'step' in given ? given.step : await useGlass(deps, considered, { decision })
  const look =
    covered === undefined ? (seen ?? { look: await lookAtWorld(deps, considered) }).look : undefined
  const asking = { ...asked, decision, digest, ...coverage, look }
  if (standing !== undefined) {
    if (covered === undefined && lapsed === undefined && answerable(deps, considered, standing) === undefined)
      return { ...NOTHING_WRITTEN, decision, approval: standing }
    const step = covered ?? (await open(deps, considered, asking))
    return after(deps, step, { considered, from: standing, to: cancel(standing, lapsed?.text) })
  }
  const step = covered ?? (await open(deps, considered, asking))
  if (known === undefined || current === undefined || current.state === known.state) return step
  return after(deps, step, { considered, from: known, to: current })
}

/** What no longer counts is why the call asks, beside the gates. */
function withReasons(decision: Decision, reasons: readonly (Reason | undefined)[]): Decision {
  const said = reasons.filter((reason) => reason !== undefined)
  return said.length === 0 ? decision : { ...decision, reasons: [...decision.reasons, ...said] }
}

function answerable(
  deps: GateDeps,
  { caller, policies }: ConsideredCall,
  approval: Approval,
): string | undefined {
  if (deps.replayed === true) return undefined
  return whyNobodyCan(deps, { approval, chain: caller.chain, policies })
}

const NOTHING_WRITTEN = { scopes: [], changes: [], records: [], changed: [] } as const

/** A granted call is decided again before it runs; gates that it does not cover ask anew. */
async function attach(
  deps: GateDeps,
  considered: ConsideredCall,
  asked: Asking & { readonly granted: Approval },
): Promise<ConsentStep> {
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
  if (decision.effect === 'deny') return { ...NOTHING_WRITTEN, scopes, decision, approval: granted }
  return after(deps, await open(deps, considered, asked), { considered, from: granted, to: cancel(granted) })
}

async function open(deps: GateDeps, considered: ConsideredCall, asked: Asking): Promise<ConsentStep> {
  const { caller, facts } = considered
  const unshown = whyUnshown(considered, asked.look)
  if (unshown !== undefined) return { ...NOTHING_WRITTEN, decision: unshownDecision(asked.decision, unshown) }
  const approval = draftRequest(deps, considered, {
    ...asked,
    provenance: await findProvenance(deps, considered),
  })
  const nobody = answerable(deps, considered, approval)
  if (nobody !== undefined) return { ...NOTHING_WRITTEN, decision: nobodyDecision(asked.decision, nobody) }
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

function after(
  deps: GateDeps,
  step: ConsentStep,
  ended: { readonly considered: ConsideredCall; readonly from: Approval; readonly to: Approval },
): ConsentStep {
  const kind = ended.to.state === 'expired' ? 'approval.expired' : 'approval.cancelled'
  const { chain } = ended.considered.caller
  const record = approvalRecord(deps, {
    kind,
    approval: ended.to,
    chain,
    now: deps.clock.now(),
    ...(ended.to.withdrawn === undefined ? {} : { comment: ended.to.withdrawn }),
  })
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

function digestOf(deps: GateDeps, considered: ConsideredCall): Digest {
  const { call, caller } = considered
  return callDigest(
    {
      tenant: caller.chain.task.tenant,
      task: caller.chain.task.id,
      server: call.server,
      kind: call.kind,
      tool: call.tool,
      ...(call.definition === undefined ? {} : { definition: call.definition.digest }),
      arguments: call.arguments,
    },
    deps.sha256,
  )
}
