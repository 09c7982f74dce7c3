import { limitReached, type ConsentLimits } from '../core/consent-limits.ts'
import type { Change } from '../core/change.ts'
import type { Decision } from '../core/decision.ts'
import { RECORD_VERSION, type NewRecord } from '../core/record.ts'
import { identityOf } from './build-records.ts'
import type { ConsideredCall } from './consider-call.ts'
import { FLOOD } from './explain-denial.ts'
import type { GateDeps } from './gate-deps.ts'
import { rootOf } from './gather-facts.ts'
import type { ConsentStep } from './seek-consent.ts'
import { floodMark, FLOOD_TALLY } from './task-flags.ts'

/**
 * What becomes of a call that would ask people anew: where its tree of tasks has asked as much as it may it is denied,
 * and the tree is flagged to its human, on record once an hour.
 */
export async function limitAsking(
  deps: GateDeps,
  { caller, facts }: ConsideredCall,
  step: ConsentStep,
): Promise<ConsentStep> {
  const root = rootOf(caller.chain)
  const limits = deps.consentLimits?.(root.workflow)
  if (limits === undefined) return step
  const asked = await deps.approvals.asked(root.tenant, root.id, facts.now)
  const reached = limitReached({ ...asked, open: asked.open - replaced(step) }, limits)
  if (reached === undefined) return { ...step, changes: step.changes.map((each) => within(each, limits)) }
  const mark = floodMark(facts.now)
  const [tally] = await deps.tasks.tallies(root.tenant, root.id, [FLOOD_TALLY])
  const first = tally?.mark !== mark
  if (first) deps.log.log('warn', 'consent.flood', { task: root.id, human: root.human, limit: reached })
  return {
    decision: denied(reached, limits),
    scopes: [],
    changed: [],
    changes: [{ kind: 'add-tally', tenant: root.tenant, root: root.id, what: FLOOD_TALLY, mark }],
    records: first ? [flagged(deps, { caller, facts }, { reached, limits })] : [],
  }
}

/** Requests that give way to the new one. */
function replaced({ changes }: ConsentStep): number {
  return changes.filter((change) => change.kind === 'update-approval' && change.from.state === 'pending')
    .length
}

/** Replicas that ask at the same time do not slip past one another. */
function within(change: Change, limits: ConsentLimits): Change {
  return change.kind === 'insert-approval' ? { ...change, within: limits } : change
}

function denied(reached: 'open' | 'hourly', { open, hourly }: ConsentLimits): Decision {
  const text =
    reached === 'open'
      ? `${open} requests of this task and those beside and below it wait for people already, as many as may`
      : `this task and those beside and below it have asked people ${hourly} times within the hour, as often as they may`
  return {
    effect: 'deny',
    reasons: [{ policy: FLOOD, text }],
    policies: [FLOOD],
    gates: [],
    obligations: [],
    errors: [],
  }
}

function flagged(
  deps: GateDeps,
  { caller, facts }: Pick<ConsideredCall, 'caller' | 'facts'>,
  { reached, limits }: { readonly reached: 'open' | 'hourly'; readonly limits: ConsentLimits },
): NewRecord {
  const root = rootOf(caller.chain)
  return {
    envelope: {
      v: RECORD_VERSION,
      kind: 'task.flagged',
      id: root.id,
      tenant: root.tenant,
      at: new Date(facts.now).toISOString(),
      identity: identityOf(caller.chain),
      protection: deps.settings.protection,
      actor: 'gateway',
      data: { why: 'consent-flood', limit: reached, most: limits[reached], root: root.id },
    },
    detail: { intent: root.intent },
  }
}
