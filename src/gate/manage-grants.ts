import { RemitError } from '../core/errors.ts'
import { type Grant, grantState, type ListedGrant } from '../core/grant.ts'
import type { GrantId, TaskId } from '../core/ids.ts'
import { chainState } from '../core/identity.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { grantRevoked } from './grant-records.ts'
import { limitedTo, LOOKED_AT, reachesGrant } from './reach.ts'
import { whySteered } from './world/why-steered.ts'
import { whyNotAgreed } from './still-agreed.ts'

export async function listGrants(
  deps: AdministrationDeps,
  actor: Actor,
  filter: { readonly task?: TaskId; readonly limit: number },
): Promise<readonly ListedGrant[]> {
  const all = actor.onlyTask === undefined && limitedTo(actor) === undefined
  const limit = all ? filter.limit : Math.max(filter.limit, LOOKED_AT)
  const found = await deps.grants.list(deps.settings.tenant, { ...filter, limit })
  const within = found.filter((grant) => reachesGrant(actor, grant)).slice(0, filter.limit)
  return Promise.all(
    within.map(async (grant) => {
      const lapsed = await whyLapsed(deps, grant)
      return lapsed === undefined ? grant : { ...grant, lapsed }
    }),
  )
}

/** Why a grant that was neither revoked nor ran out lets nothing run all the same, as a call would find it now. */
async function whyLapsed(deps: AdministrationDeps, grant: Grant): Promise<string | undefined> {
  const now = deps.clock.now()
  if (grantState(grant, now) !== 'active') return undefined
  const chain = await loadChain(deps.tasks, grant.tenant, grant.task)
  if (chain === undefined) return `the task \`${grant.task}\` is gone`
  const { state, task } = chainState(chain, now)
  if (state !== 'active') return `the task \`${task.id}\` is ${state}`
  const why = await whyNotAgreed(deps, { chain, policies: deps.policies.current() }, grant)
  if (why !== undefined || grant.call === undefined) return why
  const call = { ...grant.call, correlation: { requestId: '' } }
  const { workspace } = chain.task
  const { operations } = deps.classifier.classify(call, workspace === undefined ? {} : { workspace })
  return whySteered(deps, { chain, call, operations }, grant)
}

/** Ends it with the next call. Whoever may read grants may: it only makes things stricter. */
export async function revokeGrant(
  deps: AdministrationDeps,
  actor: Actor,
  id: GrantId,
  reason: string,
): Promise<Grant> {
  const grant = await deps.grants.get(deps.settings.tenant, id)
  if (grant === undefined || !reachesGrant(actor, grant)) {
    throw new RemitError('grant_unknown', `no grant \`${id}\`; see \`remit grants list\``)
  }
  if (grant.revoked !== undefined) return grant
  const revoked = { at: deps.clock.now(), by: actor.human.id, reason }
  const chain = await loadChain(deps.tasks, grant.tenant, grant.task)
  await deps.journal.commit({
    records: [grantRevoked(deps, grant, { chain, actor, at: revoked.at, reason })],
    changes: [{ kind: 'revoke-grant', tenant: grant.tenant, grant: id, ...revoked }],
  })
  return { ...grant, revoked }
}
