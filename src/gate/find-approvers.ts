import type { Approval } from '../core/approval.ts'
import type { Decision, Gate } from '../core/decision.ts'
import type { HumanId } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import { holds } from './ways-to-vote.ts'
import { type ApproverDeps, countClosers, whoIsAway } from './who-is-there.ts'

interface Request {
  readonly approval: Approval
  /** Of the task that asked. */
  readonly chain: TaskChain
  readonly policies: PolicySet
}

/**
 * Why a request can never be granted as roles, rules and the enrolled stand now: for some gate there are not as many
 * people as it needs. Undefined = they are there.
 */
export function whyNobodyCan(deps: ApproverDeps, request: Request): string | undefined {
  for (const gate of request.approval.gates) {
    const there = countClosers(deps, request, { scope: gate.scope, others: true })
    if (there >= gate.quorum) continue
    return missing(gate, request.approval, { there, away: whoIsAway(deps, request, gate.scope) })
  }
  return undefined
}

/** Why one agreement no longer holds: whoever gave it is unknown by now, or could not give it today. */
export function whyVotesFail(deps: ApproverDeps, request: Request): string | undefined {
  for (const gate of request.approval.gates) {
    const votes = request.approval.votes.filter((vote) => vote.gate === gate.scope)
    const voters = [...new Set(votes.map(({ human }) => human))]
    const held = new Set(votes.filter((vote) => holds(deps, request, vote)).map(({ human }) => human))
    const holding = voters.filter((human) => held.has(human))
    if (holding.length < gate.quorum) {
      const gone = voters.filter((id) => !holding.includes(id)).map((id) => `\`${id}\``)
      return `${gone.join(', ') || 'nobody'} agreed to \`${gate.scope}\` and may not approve it any more`
    }
  }
  return undefined
}

/** What a reason names where a request would wait for ever. */
export const NO_APPROVER = 'remit:no-approver'

/** A call that nobody could ever agree to is denied at once. */
export function nobodyDecision(asked: Decision, why: string): Decision {
  return {
    ...asked,
    effect: 'deny',
    reasons: [{ policy: NO_APPROVER, text: why }, ...asked.reasons],
    policies: [...new Set([NO_APPROVER, ...asked.policies])].toSorted(),
    gates: [],
  }
}

function missing(
  { scope, by, escalateTo, quorum }: Gate,
  { human }: Approval,
  found: { readonly there: number; readonly away: readonly HumanId[] },
): string {
  const { there, away } = found
  const who =
    by === undefined
      ? 'whom policy lets approve'
      : `of \`${by}\`${escalateTo === undefined ? '' : ` or \`${escalateTo}\``}`
  const but = `besides \`${human}\`, whose task it is, unless the rule lets them`
  const number = quorum === 1 ? 'somebody' : `${quorum} different people`
  const gone = away.length === 0 ? '' : ` while ${away.map((id) => `\`${id}\``).join(', ')} is away`
  return `consent \`${scope}\` needs ${number} ${who} (${but}), and ${there === 0 ? 'nobody' : `only ${there}`} enrolled here can give it${gone}; whoever runs Remit has to enrol them`
}
