import { RemitError } from '../core/errors.ts'
import { newId, type ServerKey } from '../core/ids.ts'
import type { Halt } from '../core/standing.ts'
import { adminRecord } from './admin-records.ts'
import type { Actor, HaltWish } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { ACCEPTING_ROLE, requireHuman } from './require-maintainer.ts'

/** The kill switch. Whoever may make tasks may stop: it only makes things stricter. One that is placed already stands. */
export async function placeHalt(
  deps: AdministrationDeps,
  actor: Actor,
  { target, id, reason }: HaltWish,
): Promise<Halt> {
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

/** Letting go again is for a maintainer with an approver code, and never for the one who is stopped. */
export async function liftHalt(
  deps: AdministrationDeps,
  actor: Actor,
  { target, id, reason }: HaltWish,
): Promise<Halt> {
  requireHuman(actor, 'letting go again')
  const { human } = actor
  if (!human.roles.includes(ACCEPTING_ROLE) || (target === 'human' && id === human.id)) {
    throw new RemitError(
      'approver_refused',
      `\`${human.id}\` may not let go of it; another human with the role \`${ACCEPTING_ROLE}\` may`,
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

export async function listHalts(deps: AdministrationDeps): Promise<readonly Halt[]> {
  return (await deps.tasks.standing(deps.settings.tenant)).halts
}

async function find(
  deps: AdministrationDeps,
  wanted: Pick<Halt, 'target' | 'id'>,
): Promise<Halt | undefined> {
  const halts = await listHalts(deps)
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
