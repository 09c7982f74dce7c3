import { newId } from '../../core/ids.ts'
import type { Actor } from '../administration.ts'
import { adminRecord } from '../admin-records.ts'
import type { GateDeps } from '../gate-deps.ts'
import { answerWhy, type WhyDeps } from './answer-why.ts'

/**
 * Puts a decision that somebody does not understand into the next review, with what they say of it. Changes nothing
 * else: the credential on disk may do it too, and the record says that it did.
 * @throws RemitError `decision_unknown` where it is out of their reach.
 */
export async function reportBlock(
  deps: WhyDeps & Pick<GateDeps, 'settings' | 'clock' | 'entropy' | 'journal'>,
  actor: Actor,
  { id, text }: { readonly id: string; readonly text: string },
): Promise<{ readonly report: string; readonly decision: string }> {
  const why = await answerWhy(deps, actor, id)
  const report = newId('rrp', deps.entropy.bytes(16))
  const { identity, asked } = why
  const record = adminRecord(deps.settings, {
    kind: 'review.reported',
    id: report,
    at: deps.clock.now(),
    actor: actor.human.id,
    data: {
      decision: why.id,
      effect: why.effect,
      policies: why.decidedBy.map(({ rule }) => rule),
      credential: actor.credential,
      task: identity?.task ?? null,
      workflow: identity?.workflow ?? null,
      tool: asked.call === undefined ? null : `${asked.call.server}__${asked.call.tool}`,
    },
    detail: { comment: text },
  })
  await deps.journal.commit({ records: [record], changes: [] })
  return { report, decision: why.id }
}
