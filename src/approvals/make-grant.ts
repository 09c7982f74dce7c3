import type { Approval } from '../core/approval.ts'
import type { Grant } from '../core/grant.ts'
import type { GrantId } from '../core/ids.ts'
import { mayLast } from './coverage.ts'

/**
 * The grant that an approval which was just granted makes. Undefined unless it was offered, and every gate was closed
 * by somebody who agreed for the rest of the task: one approver cannot make another's agreement last, nor widen it.
 */
export function makeGrant(
  approval: Approval,
  made: { readonly id: GrantId; readonly now: number },
): Grant | undefined {
  const { offer, gates, votes } = approval
  if (approval.state !== 'granted' || offer === undefined || !mayLast(gates)) return undefined
  const lasting = votes.filter(({ grant }) => grant === 'task')
  if (!gates.every(({ scope }) => lasting.some(({ gate }) => gate === scope))) return undefined
  if (made.now >= offer.expires) return undefined
  const wider = offer.wider?.find((each) =>
    gates.every(({ scope }) =>
      lasting.some(({ gate, widen }) => gate === scope && widen !== undefined && widen === each.wider?.axis),
    ),
  )
  return {
    tenant: approval.tenant,
    id: made.id,
    task: approval.task,
    human: approval.human,
    server: approval.server,
    tool: approval.tool,
    covers: wider ?? offer.covers,
    ...(offer.call === undefined ? {} : { call: offer.call }),
    gates,
    approval: approval.id,
    by: [...new Set(lasting.map(({ human }) => human))],
    created: made.now,
    expires: offer.expires,
    uses: 0,
  }
}
