import type { Approval } from '../core/approval.ts'
import type { Decision, Gate } from '../core/decision.ts'
import type { HumanId } from '../core/ids.ts'
import type { Human, TaskChain } from '../core/identity.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import type { GateDeps } from './gate-deps.ts'
import { gatesOfHuman } from './gates-of-human.ts'

export type ApproverDeps = Pick<GateDeps, 'clock' | 'humans' | 'guests'>

interface Request {
  readonly approval: Approval
  /** Of the task that asked. */
  readonly chain: TaskChain
  readonly policies: PolicySet
}

/** Who is known here at this moment, and may decide about this task. */
export function findApprover(deps: ApproverDeps, { task }: TaskChain, id: HumanId): Human | undefined {
  return deps.humans.find(task.tenant, id) ?? deps.guests?.(task).find((guest) => guest.id === id)
}

/**
 * Why a request can never be granted as roles, rules and the enrolled stand now: for some gate there are not as many
 * people as it needs. Undefined = they are there.
 */
export function whyNobodyCan(deps: ApproverDeps, request: Request): string | undefined {
  const { approval, chain } = request
  const enrolled = [...deps.humans.list(approval.tenant), ...(deps.guests?.(chain.task) ?? [])]
  const able = enrolled.map((human) => ({ human, scopes: gatesOfHuman(deps, human, request) }))
  for (const gate of approval.gates) {
    const closers = able.filter(({ scopes }) => scopes.includes(gate.scope))
    if (closers.length < gate.quorum) return missing(gate, approval, closers.length)
  }
  return undefined
}

/** Why one agreement no longer holds: whoever gave it is unknown by now, or could not give it today. */
export function whyVotesFail(deps: ApproverDeps, request: Request): string | undefined {
  const { approval, chain } = request
  for (const gate of approval.gates) {
    const voters = [
      ...new Set(approval.votes.filter((vote) => vote.gate === gate.scope).map(({ human }) => human)),
    ]
    const holding = voters.filter((id) => {
      const human = findApprover(deps, chain, id)
      return human !== undefined && gatesOfHuman(deps, human, request).includes(gate.scope)
    })
    if (holding.length < gate.quorum) {
      const gone = voters.filter((id) => !holding.includes(id)).map((id) => `\`${id}\``)
      return `${gone.join(', ') || 'nobody'} agreed to \`${gate.scope}\` and may not approve it any more`
    }
  }
  return undefined
}

/** What a reason names where a request would wait for ever. */
const NO_APPROVER = 'remit:no-approver'

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

function missing({ scope, by, quorum }: Gate, { human }: Approval, there: number): string {
  const who = by === undefined ? 'whom policy lets approve' : `of \`${by}\``
  const but = `besides \`${human}\`, whose task it is, unless the rule lets them`
  const number = quorum === 1 ? 'somebody' : `${quorum} different people`
  return `consent \`${scope}\` needs ${number} ${who} (${but}), and ${there === 0 ? 'nobody' : `only ${there}`} enrolled here can give it; whoever runs Remit has to enrol them`
}
