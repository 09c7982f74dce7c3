import type { Grant } from '../core/grant.ts'
import type { TaskChain } from '../core/identity.ts'
import type { ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import { holds } from './ways-to-vote.ts'

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
  const axis = grant.covers.wider?.axis
  for (const { scope } of grant.gates) {
    const votes = approval.votes.filter(
      ({ gate, grant: lasts, widen }) =>
        gate === scope && lasts === 'task' && (axis === undefined || widen === axis),
    )
    if (!votes.some((vote) => holds(deps, request, vote))) {
      const names = votes.map(({ human }) => `\`${human}\``).join(', ')
      return `${names || 'nobody'} agreed to \`${scope}\` and may not approve it any more`
    }
  }
  return undefined
}
