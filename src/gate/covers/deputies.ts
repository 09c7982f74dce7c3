import { isGlass } from '../../approvals/break-glass.ts'
import type { Gate } from '../../core/decision.ts'
import type { HumanId } from '../../core/ids.ts'
import type { Human } from '../../core/identity.ts'
import { gatesOfHuman, type WaitingRequest } from '../gates-of-human.ts'
import type { ApproverDeps } from '../who-is-there.ts'

/** Whom this human may agree for now. */
export function deputyOf({ covers }: ApproverDeps, human: HumanId): readonly HumanId[] {
  return (covers?.list() ?? []).filter(({ deputy }) => deputy === human).map((cover) => cover.human)
}

/**
 * The gates that a deputy may close for somebody: those that this somebody could close themselves now, by their own
 * rights alone, so that no deputy has one. The deputy is enrolled, and not the human whose task it is unless the gate
 * lets those agree. Glass is broken in person.
 */
export function gatesAsDeputy(
  deps: ApproverDeps,
  pair: { readonly deputy: HumanId; readonly other: HumanId },
  request: WaitingRequest,
  isOpenToOthers: (gate: Gate) => boolean,
): readonly string[] {
  const { approval } = request
  if (isGlass(approval) || deps.covers?.of(pair.other)?.deputy !== pair.deputy) return []
  const enrolled = (id: HumanId): Human | undefined => deps.humans.find(approval.tenant, id)
  const other = enrolled(pair.other)
  if (other === undefined || enrolled(pair.deputy) === undefined || pair.deputy === pair.other) return []
  const gates = gatesOfHuman(deps, other, request, isOpenToOthers)
  if (pair.deputy !== approval.human) return gates
  return gates.filter((scope) =>
    approval.gates.every((gate) => gate.scope !== scope || gate.delegator === 'yes'),
  )
}
