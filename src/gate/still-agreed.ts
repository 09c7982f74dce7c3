import type { Grant } from '../core/grant.ts'
import type { HumanId } from '../core/ids.ts'
import type { Approval } from '../core/approval.ts'
import type { TaskChain } from '../core/identity.ts'
import type { ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import { findApprover } from './find-approvers.ts'
import { gatesOfHuman } from './gates-of-human.ts'

/**
 * Why the consent behind a grant no longer holds: whoever closed a gate is unknown here by now, or could not close it
 * today. People are looked up as they are at this moment. Undefined = all of it holds.
 */
export async function whyNotAgreed(
  deps: GateDeps,
  now: { readonly chain: TaskChain; readonly policies: ConsideredCall['policies'] },
  grant: Grant,
): Promise<string | undefined> {
  const approval = await deps.approvals.get(grant.tenant, grant.approval)
  if (approval === undefined) return `the approval \`${grant.approval}\` that it came from is gone`
  const request = { approval, ...now }
  for (const { scope } of grant.gates) {
    const closedBy = whoClosed(approval, scope)
    const holds = closedBy.some((id) => {
      const human = findApprover(deps, now.chain, id)
      return human !== undefined && gatesOfHuman(deps, human, request).includes(scope)
    })
    if (!holds) {
      const names = closedBy.map((id) => `\`${id}\``).join(', ')
      return `${names || 'nobody'} agreed to \`${scope}\` and may not approve it any more`
    }
  }
  return undefined
}

function whoClosed({ votes }: Approval, scope: string): readonly HumanId[] {
  return votes.filter(({ gate, grant }) => gate === scope && grant === 'task').map(({ human }) => human)
}
