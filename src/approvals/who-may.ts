import type { Approval } from '../core/approval.ts'
import type { Effect, Gate } from '../core/decision.ts'
import type { Human } from '../core/identity.ts'

/** Policy's word on `approve`: nothing but `allow` is a yes. */
export type MayApprove = (
  human: Human,
  approval: Approval,
) => { readonly effect: Effect; readonly reason: string }

/**
 * The gates of an approval, by scope, that this human may close, each asked about apart: they are in the role or
 * team which the gate asks for, and policy lets them `approve` it. Where rules share a scope, the human must
 * satisfy each of them.
 * @param isOpenToOthers whether those of `@escalate_to` may close this gate as well; left out = not yet.
 */
export function closableGates(
  approval: Approval,
  human: Human,
  mayApprove: MayApprove,
  isOpenToOthers: (gate: Gate) => boolean = () => false,
): readonly string[] {
  if (human.tenant !== approval.tenant) return []
  const groups = new Set([...human.roles, ...human.teams])
  return [...new Set(approval.gates.map((gate) => gate.scope))].filter((scope) => {
    const gates = approval.gates.filter((gate) => gate.scope === scope)
    const belongs = gates.every((gate) => {
      const { by, escalateTo } = gate
      if (by === undefined || groups.has(by)) return true
      return escalateTo !== undefined && groups.has(escalateTo) && isOpenToOthers(gate)
    })
    return belongs && mayApprove(human, { ...approval, gates }).effect === 'allow'
  })
}
