import { RemitError } from '../core/errors.ts'
import { newId, type ServerKey } from '../core/ids.ts'
import { isAdmin } from '../core/roles.ts'
import type { Halt } from '../core/standing.ts'
import { adminRecord } from './admin-records.ts'
import type { Actor, HaltWish } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { limitedTo, reachesHalt } from './reach.ts'
import { ADMINS, requireHuman } from './require-admin.ts'

/**
 * The kill switch: it only makes things stricter, so an admin and the credential on disk stop whomever, and anybody
 * themselves. One that is placed already stands.
 */
export async function placeHalt(
  deps: AdministrationDeps,
  actor: Actor,
  { target, id, reason }: HaltWish,
): Promise<Halt> {
  if (limitedTo(actor) !== undefined && !(target === 'human' && id === actor.human.id)) {
    throw new RemitError('role_missing', `stopping more than yourself is for humans with ${ADMINS}`)
  }
  const { tenant } = deps.settings
  if (target === 'tenant' && id !== tenant) {
    throw new RemitError('halt_unknown', `no tenant \`${id}\` here; this one is \`${tenant}\``)
  }
  const known = await find(deps, { target, id })
  if (known !== undefined) return known
  const halt: Halt = { tenant, target, id, reason, at: deps.clock.now(), by: actor.human.id }
  const outcome = await deps.journal.commit({
    records: [haltRecord(deps, actor, { kind: 'halt.placed', halt, reason })],
    changes: [{ kind: 'put-halt', halt }],
  })
  tellLists(deps, target, id)
  deps.events.authorityEnded()
  return outcome === 'committed' ? halt : ((await find(deps, { target, id })) ?? halt)
}

/** Letting go again is for an admin with an approver code, and never for the one who is stopped. */
export async function liftHalt(
  deps: AdministrationDeps,
  actor: Actor,
  { target, id, reason }: HaltWish,
): Promise<Halt> {
  requireHuman(actor, 'letting go again')
  const { human } = actor
  if (!isAdmin(human) || (target === 'human' && id === human.id)) {
    throw new RemitError(
      'approver_refused',
      `\`${human.id}\` may not let go of it; another human with ${ADMINS} may`,
    )
  }
  const halt = await find(deps, { target, id })
  if (halt === undefined) {
    throw new RemitError('halt_unknown', `the ${target} \`${id}\` is not stopped; see \`remit kill --list\``)
  }
  await deps.journal.commit({
    records: [haltRecord(deps, actor, { kind: 'halt.lifted', halt, reason })],
    changes: [{ kind: 'lift-halt', tenant: halt.tenant, target, id }],
  })
  tellLists(deps, target, id)
  return halt
}

/** What a server offers is in no list while it is stopped; of whoever else is stopped, no list is left to change. */
function tellLists({ events }: AdministrationDeps, target: HaltWish['target'], id: string): void {
  if (target === 'server') events.listChanged({ server: id as ServerKey })
}

export async function listHalts(deps: AdministrationDeps, actor: Actor): Promise<readonly Halt[]> {
  const halts = await allHalts(deps)
  return halts.filter((halt) => reachesHalt(actor, halt))
}

async function allHalts(deps: AdministrationDeps): Promise<readonly Halt[]> {
  return (await deps.tasks.standing(deps.settings.tenant)).halts
}

async function find(
  deps: AdministrationDeps,
  wanted: Pick<Halt, 'target' | 'id'>,
): Promise<Halt | undefined> {
  const halts = await allHalts(deps)
  return halts.find(({ target, id }) => target === wanted.target && id === wanted.id)
}

function haltRecord(
  deps: AdministrationDeps,
  actor: Actor,
  step: { readonly kind: 'halt.placed' | 'halt.lifted'; readonly halt: Halt; readonly reason: string },
) {
  const { kind, halt, reason } = step
  return adminRecord(deps.settings, {
    kind,
    id: newId('hlt', deps.entropy.bytes(16)),
    at: deps.clock.now(),
    actor: actor.human.id,
    data: { target: halt.target, what: halt.id, credential: actor.credential },
    detail: { comment: reason },
  })
}
