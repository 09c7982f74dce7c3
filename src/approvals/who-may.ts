import type { Approval } from '../core/approval.ts'
import type { Effect } from '../core/decision.ts'
import type { Human } from '../core/identity.ts'

/** Policy's word on `approve`: nothing but `allow` is a yes. */
export type MayApprove = (
  human: Human,
  approval: Approval,
) => { readonly effect: Effect; readonly reason: string }

/**
 * The gates of an approval, by scope, that this human may close: they are in the role or team which the gate asks
 * for, and policy lets them `approve`. Where rules share a scope, the human must satisfy each of them.
 */
export function closableGates(approval: Approval, human: Human, mayApprove: MayApprove): readonly string[] {
  if (human.tenant !== approval.tenant) return []
  const groups = new Set([...human.roles, ...human.teams])
  const scopes = [...new Set(approval.gates.map((gate) => gate.scope))].filter((scope) =>
    approval.gates.every((gate) => gate.scope !== scope || gate.by === undefined || groups.has(gate.by)),
  )
  if (scopes.length === 0 || mayApprove(human, approval).effect !== 'allow') return []
  return scopes
}
