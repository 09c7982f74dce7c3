import type { AdministrationDeps } from '../gate/administration-deps.ts'
import type { Administration } from '../gate/administration.ts'
import type { ReviewControl } from '../gate/review/review-control.ts'
import { ReviewDesk } from '../gate/review/review-desk.ts'
import { tellOverdue } from '../gate/review/tell-overdue.ts'
import { permitsForTasks } from '../policy/permits-for-tasks.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'

const EVERY_MS = 60_000

/** The desk of reviews over the gate's ports, and the clock that tells when one is overdue. */
export function runReviews(
  { loaded, servers, store, tenant, policies, log }: Foundation,
  gate: AdministrationDeps,
  cleanup: Cleanup,
): ReviewDesk {
  const { every, owner } = loaded.config.review
  const deps = {
    ...gate,
    review: { every, ...(owner === undefined ? {} : { owner }) },
    ownerOf: (server: string) => servers.configOf(server)?.owner,
    permits: () => permitsForTasks(policies.bundle().parsed.policies),
    secretNames: async () => (await store.secrets.list(tenant)).map(({ name }) => name),
  }
  const desk = new ReviewDesk(deps)
  const look = async (): Promise<void> => {
    try {
      if (await tellOverdue(deps, desk)) log.log('warn', 'review.overdue', { owner: owner ?? 'any admin' })
    } catch (error) {
      log.log('warn', 'review.unknown', { reason: error instanceof Error ? error.message : String(error) })
    }
  }
  void look()
  const timer = setInterval(() => void look(), EVERY_MS)
  timer.unref()
  cleanup.add('reviews', () => {
    clearInterval(timer)
  })
  return desk
}

export function createReviewControl(
  desk: ReviewDesk,
  administration: Pick<Administration, 'recordRead'>,
): ReviewControl {
  return {
    state: () => desk.state(),
    answer: async (actor, wish) => {
      await administration.recordRead(actor, {})
      return desk.answer(wish)
    },
    mark: (actor, wish) => desk.mark(actor, wish),
    signOff: (actor, wish) => desk.signOff(actor, wish),
  }
}
