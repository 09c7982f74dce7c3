import { canonicalJson } from '../core/canonical-json.ts'
import type { Approval } from '../core/approval.ts'
import type { Gate } from '../core/decision.ts'
import type { Digest, TaskId, TenantId } from '../core/ids.ts'

/** An hour: whoever needs longer asks two people again. */
export const LONGEST_GLASS = 3_600_000
const SCOPE = 'break-glass'

/** By which the request for a task is found: no call ever has it. */
export function glassDigest(
  { tenant, task }: { readonly tenant: TenantId; readonly task: TaskId },
  sha256: (text: string) => Digest,
): Digest {
  return sha256(canonicalJson([SCOPE, tenant, task]))
}

/** Two maintainers, neither of them the human whose task it is. @param lifetime milliseconds. */
export function glassGate(reason: string, lifetime: number): Gate {
  return {
    scope: SCOPE,
    by: 'maintainer',
    quorum: 2,
    severity: 'high',
    timeout: Math.floor(lifetime / 1_000),
    policy: 'remit:break-glass',
    reason,
  }
}

export function isGlass({ gates }: Pick<Approval, 'gates'>): boolean {
  return gates.length === 1 && gates[0]?.policy === 'remit:break-glass'
}

/** Two humans had agreed, whether or not its time is over. */
export function wasBroken({ gates, votes }: Approval): boolean {
  return gates.every((gate) => votes.filter((vote) => vote.gate === gate.scope).length >= gate.quorum)
}
