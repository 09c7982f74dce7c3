import { canonicalJson } from '../../core/canonical-json.ts'
import { type Cover, LONGEST_DEPUTY } from '../../core/cover.ts'
import { RemitError } from '../../core/errors.ts'
import type { HumanId } from '../../core/ids.ts'
import { isAdmin } from '../../core/roles.ts'
import type { Actor } from '../administration.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { limitedTo } from '../reach.ts'
import { ADMINS, requireHuman } from '../require-admin.ts'
import type { StepUpAnswer } from '../step-up.ts'
import { coverRecord } from './cover-record.ts'
import { putCover, removeCover } from './known-covers.ts'

export interface CoverWish {
  /** Milliseconds since the epoch. */
  readonly until: number
  readonly away: boolean
  readonly deputy?: HumanId
  readonly stepUp?: StepUpAnswer
}

/** Longest that somebody may be away, in milliseconds. */
const LONGEST_AWAY = 366 * 86_400_000

/**
 * Says that the actor is away, or who agrees for them, in place of what they said before. A deputy wants a fresh proof.
 * @throws RemitError `role_missing`, `input_invalid`, `step_up_needed`.
 */
export async function setCover(deps: AdministrationDeps, actor: Actor, wish: CoverWish): Promise<Cover> {
  requireHuman(actor, 'saying that you are away, or who agrees for you,')
  const since = deps.clock.now()
  checkTime(deps, wish, since)
  const { tenant } = deps.settings
  const { until, away, deputy } = wish
  if (deputy !== undefined) checkDeputy(deps, actor, deputy)
  const human = actor.human.id
  const cover = { tenant, human, since, until, away, ...(deputy === undefined ? {} : { deputy }) }
  const said = { human, until, away, deputy: deputy ?? null }
  const digest = deps.sha256(canonicalJson({ v: 1, kind: 'cover', tenant, ...said }))
  const assertion = deputy === undefined ? undefined : await deps.stepUp?.confirm(actor, digest, wish.stepUp)
  await deps.journal.commit({
    records: [
      coverRecord(deps, actor.human.id, cover, {
        kind: 'cover.set',
        ...(assertion === undefined ? {} : { signed: { digest, assertion: { ...assertion } } }),
      }),
    ],
    changes: putCover(cover),
  })
  await deps.covers?.catchUp()
  return cover
}

/** Ends one's own, or as an admin somebody else's. @throws RemitError `role_missing`, `not_found`. */
export async function endCover(deps: AdministrationDeps, actor: Actor, human: HumanId): Promise<Cover> {
  requireHuman(actor, 'ending this')
  if (human !== actor.human.id && !isAdmin(actor.human)) {
    throw new RemitError('role_missing', `ending it for somebody else is for humans with ${ADMINS}`)
  }
  await deps.covers?.catchUp()
  const cover = deps.covers?.of(human)
  const nothing = new RemitError('not_found', `\`${human}\` is not away, and nobody agrees for them`)
  if (cover === undefined) throw nothing
  const outcome = await deps.journal.commit({
    records: [coverRecord(deps, actor.human.id, cover, { kind: 'cover.ended' })],
    changes: removeCover(cover),
  })
  await deps.covers?.catchUp()
  if (outcome === 'conflict') throw nothing
  return cover
}

/** Those in force: everybody's, or those that the actor is part of. */
export async function listCovers(deps: AdministrationDeps, actor: Actor): Promise<readonly Cover[]> {
  await deps.covers?.catchUp()
  const only = limitedTo(actor)
  return (deps.covers?.list() ?? [])
    .filter(({ human, deputy }) => only === undefined || human === only || deputy === only)
    .toSorted((a, b) => a.human.localeCompare(b.human, 'en'))
}

function checkTime({ settings }: AdministrationDeps, { until, away, deputy }: CoverWish, now: number): void {
  const invalid = (why: string): RemitError =>
    new RemitError('input_invalid', `\`until\` is not accepted: ${why}`)
  if (!away && deputy === undefined) {
    throw new RemitError('input_invalid', 'say that you are away, or who agrees for you, or both')
  }
  if (until <= now) throw invalid('it is over already')
  const longest = deputy === undefined ? LONGEST_AWAY : (settings.longestDeputy ?? LONGEST_DEPUTY)
  if (until - now <= longest) return
  const days = Math.floor(longest / 86_400_000)
  throw invalid(
    `${deputy === undefined ? 'you may be away' : 'somebody may agree for you (`consent.deputies`)'} for ${days} days at most`,
  )
}

function checkDeputy({ humans, settings }: AdministrationDeps, actor: Actor, deputy: HumanId): void {
  if (deputy === actor.human.id) {
    throw new RemitError('input_invalid', '`deputy` is not accepted: nobody agrees for themselves')
  }
  if (humans.find(settings.tenant, deputy) !== undefined) return
  throw new RemitError('input_invalid', '`deputy` is not accepted: it names nobody who is enrolled here')
}
