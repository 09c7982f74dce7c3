import type { HumanId } from '../core/ids.ts'
import type { StepUpAnswer } from '../gate/step-up.ts'
import { coverBody, type CoverAnswer, type CoversAnswer, endCoverBody } from './covers-contract.ts'
import { actorOf, type Handler, parseBody } from './route.ts'

export const listCovers: Handler = async ({ administration }, request) => {
  const covers = await administration.listCovers(actorOf(request))
  return { status: 200, json: { covers } satisfies CoversAnswer }
}

export const setCover: Handler = async ({ administration }, request) => {
  const { until, away, deputy, stepUp } = parseBody(coverBody, request.body)
  const cover = await administration.setCover(actorOf(request), {
    until,
    away,
    ...(deputy === undefined ? {} : { deputy: deputy as HumanId }),
    ...(stepUp === undefined ? {} : { stepUp: stepUp as StepUpAnswer }),
  })
  return { status: 201, json: { cover } satisfies CoverAnswer }
}

export const endCover: Handler = async ({ administration }, request) => {
  const { human } = parseBody(endCoverBody, request.body)
  const actor = actorOf(request)
  const cover = await administration.endCover(actor, (human ?? actor.human.id) as HumanId)
  return { status: 200, json: { cover } satisfies CoverAnswer }
}
