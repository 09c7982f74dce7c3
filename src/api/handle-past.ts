import type { ReplayFilter } from '../gate/replay/replay-filter.ts'
import { type PastAnswer, proposeBody, replayBody } from './past-contract.ts'
import { actorOf, type Handler, parseBody } from './route.ts'

export const replayPolicies: Handler = async ({ past }, request) => {
  const { files, against, ...only } = parseBody(replayBody, request.body)
  const wish = { files, against, filter: filterOf(only) }
  return { status: 200, json: (await past.replay(actorOf(request), wish)) satisfies PastAnswer }
}

export const proposePolicies: Handler = async ({ past }, request) => {
  const { workflow, support, ...only } = parseBody(proposeBody, request.body)
  const wish = { workflow, support, filter: filterOf(only) }
  return { status: 200, json: (await past.propose(actorOf(request), wish)) satisfies PastAnswer }
}

export const lookAtPast: Handler = async ({ past }, request) => {
  const { id = '' } = request.params
  return { status: 200, json: (await past.look(actorOf(request), id)) satisfies PastAnswer }
}

type Loose = { readonly [Key in keyof ReplayFilter]?: ReplayFilter[Key] | undefined }

function filterOf(only: Loose): ReplayFilter {
  return Object.fromEntries(Object.entries(only).filter(([, value]) => value !== undefined))
}
