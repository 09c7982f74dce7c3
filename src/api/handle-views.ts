import type { HumanId } from '../core/ids.ts'
import { actorOf, type Handler, parseBody, parseQuery } from './route.ts'
import {
  removeViewBody,
  saveViewBody,
  type ValuesAnswer,
  valuesQuery,
  type ViewAnswer,
  type ViewsAnswer,
} from './views-contract.ts'

export const listViews: Handler = async ({ views }, request) => {
  const actor = actorOf(request)
  const listed = await views.list(actor)
  return { status: 200, json: { human: actor.human.id, views: listed } satisfies ViewsAnswer }
}

export const saveView: Handler = async ({ views }, request) => {
  const view = await views.save(actorOf(request), parseBody(saveViewBody, request.body))
  return { status: 201, json: { view } satisfies ViewAnswer }
}

export const removeView: Handler = async ({ views }, request) => {
  const { name, human } = parseBody(removeViewBody, request.body)
  const actor = actorOf(request)
  const view = await views.remove(actor, { name, human: (human ?? actor.human.id) as HumanId })
  return { status: 200, json: { view } satisfies ViewAnswer }
}

export const fieldValues: Handler = async ({ administration }, request) => {
  const values = await administration.fieldValues(actorOf(request), parseQuery(valuesQuery, request.query))
  return { status: 200, json: { values } satisfies ValuesAnswer }
}
