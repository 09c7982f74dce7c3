import { makeGrant } from '../approvals/make-grant.ts'
import type { Approval } from '../core/approval.ts'
import type { Change } from '../core/change.ts'
import { newId, type GrantId } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'
import type { NewRecord } from '../core/record.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { grantCreated, grantRevoked } from './grant-records.ts'

/** What an approval that was just voted on makes beside itself. */
export interface GivenGrant {
  /** The approval, with the grant that it made, if it made one. */
  readonly approval: Approval
  readonly changes: readonly Change[]
  readonly records: readonly NewRecord[]
}

/** A grant that the task has for the same work gives way: it did not close the gates that were asked about now. */
export async function giveGrant(
  deps: AdministrationDeps,
  approval: Approval,
  by: { readonly chain: TaskChain | undefined; readonly actor: Actor; readonly now: number },
): Promise<GivenGrant> {
  const { chain, actor, now } = by
  const grant = makeGrant(approval, { id: newId('grt', deps.entropy.bytes(16)) as GrantId, now })
  if (grant === undefined) return { approval, changes: [], records: [] }
  const created: Change = { kind: 'insert-grant', grant }
  const record = grantCreated(deps, grant, { chain, actor })
  const given = { ...approval, grant: grant.id }
  const former = await deps.grants.findCovering(grant.tenant, grant.task, grant.covers.digest)
  if (former === undefined) return { approval: given, changes: [created], records: [record] }
  const revoked = { at: now, reason: `given anew as ${grant.id}` }
  const { tenant, id } = former
  return {
    approval: given,
    changes: [{ kind: 'revoke-grant', tenant, grant: id, by: actor.human.id, ...revoked }, created],
    records: [grantRevoked(deps, former, { chain, actor, ...revoked }), record],
  }
}
