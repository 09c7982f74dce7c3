import type { Approval, ApprovalState, Outline } from '../core/approval.ts'
import { escalatesAt } from '../core/escalation.ts'
import { voterText } from '../core/cover.ts'
import type { Gate, Severity } from '../core/decision.ts'
import type { ApprovalDelivery, ApprovalEvent } from '../core/delivery.ts'
import type { Label } from '../core/labels.ts'
import { foldText, visibleText } from '../core/visible-text.ts'

/** What may be told of a request outside the console. Every text is visible and short; what is masked is not in it. */
export interface Notice {
  readonly type: ApprovalEvent
  readonly approval: string
  readonly state: ApprovalState
  /** RFC 3339, as `created` and `expires`: when it happened. */
  readonly at: string
  readonly created: string
  readonly expires: string
  /** The page of the request. Opening it decides nothing: whoever does has to log in and be an approver. */
  readonly url: string
  readonly tenant: string
  readonly task: string
  readonly human: string
  readonly workflow: string | null
  readonly agent: string | null
  /** Null = masked, or not the delegating human's own words. */
  readonly intent: string | null
  readonly server: string
  readonly tool: string
  readonly severity: Severity
  readonly gates: readonly {
    readonly scope: string
    readonly by: string | null
    /** Who may agree as well from `escalates` (RFC 3339) on; null = nobody else. */
    readonly escalateTo: string | null
    readonly escalates: string | null
    readonly severity: Severity
    readonly quorum: number
    readonly agreed: readonly string[]
    readonly reason: string
  }[]
  readonly operations: readonly {
    readonly action: string
    /** Null = masked. */
    readonly text: string | null
    readonly labels: readonly Label[]
  }[]
  /** Operations that are not in the list. */
  readonly more: number
  /** Something is left out for its labels: the page shows it. */
  readonly masked: boolean
  readonly refusedBy: string | null
}

const ORDER: readonly Severity[] = ['low', 'medium', 'high']

export function severityOf({ gates }: Pick<Approval, 'gates'>): Severity {
  return ORDER[Math.max(0, ...gates.map(({ severity }) => ORDER.indexOf(severity)))] ?? 'high'
}

/**
 * The request as it was when `delivery` was written, without the content of masked labels. Where the tree has read
 * such content, everything that the agent wrote may hold it, and none of that is told.
 * @param adminUrl base URL of the admin plane, without a slash at its end.
 */
export function noticeOf(
  delivery: Pick<ApprovalDelivery, 'event' | 'state' | 'votes' | 'at'>,
  approval: Approval,
  told: { readonly adminUrl: string; readonly masked: ReadonlySet<Label> },
): Notice {
  const { outline } = approval
  const votes = approval.votes.slice(0, delivery.votes)
  const tainted = outline === undefined || outline.read.some((label) => told.masked.has(label))
  const operations = (outline?.operations ?? []).map(({ action, text, labels }) => ({
    action,
    labels,
    text: tainted || labels.some((label) => told.masked.has(label)) ? null : text,
  }))
  return {
    type: delivery.event,
    approval: approval.id,
    state: delivery.state,
    at: new Date(delivery.at).toISOString(),
    created: new Date(approval.created).toISOString(),
    expires: new Date(approval.expires).toISOString(),
    url: `${told.adminUrl}/approvals/${encodeURIComponent(approval.id)}`,
    tenant: approval.tenant,
    task: approval.task,
    human: approval.human,
    workflow: outline?.workflow ?? null,
    agent: outline?.agent ?? null,
    intent: intentOf(outline),
    server: approval.server,
    tool: visibleText(foldText(approval.tool, 100, 40)),
    severity: severityOf(approval),
    gates: approval.gates.map(({ scope, by = null, severity, quorum, reason, ...gate }) => ({
      scope,
      by,
      escalateTo: gate.escalateTo ?? null,
      escalates: escalationTime(approval, gate),
      severity,
      quorum,
      agreed: votes.filter((vote) => vote.gate === scope).map(voterText),
      reason: visibleText(foldText(reason, 200, 80)),
    })),
    operations,
    more: outline?.more ?? 0,
    masked: tainted || operations.some(({ text }) => text === null),
    refusedBy: delivery.state === 'refused' ? (approval.refusal?.human ?? null) : null,
  }
}

function escalationTime(approval: Approval, gate: Pick<Gate, 'escalateTo' | 'escalateAfter'>): string | null {
  const at = escalatesAt(approval, gate)
  return at === undefined ? null : new Date(at).toISOString()
}

/** An agent's words never stand where the human's are looked for. */
function intentOf(outline: Outline | undefined): string | null {
  return outline?.origin === 'human-session' ? outline.intent : null
}
