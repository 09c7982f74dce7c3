import { haltBody, type HaltAnswer, type HaltsAnswer } from './contract.ts'
import { actorOf, type Handler, parseBody } from './route.ts'

export const listHalts: Handler = async ({ administration }, request) => {
  const halts = await administration.listHalts(actorOf(request))
  return { status: 200, json: { halts } satisfies HaltsAnswer }
}

export const placeHalt: Handler = async ({ administration }, request) => {
  const halt = await administration.placeHalt(actorOf(request), parseBody(haltBody, request.body))
  return { status: 201, json: { halt } satisfies HaltAnswer }
}

export const liftHalt: Handler = async ({ administration }, request) => {
  const halt = await administration.liftHalt(actorOf(request), parseBody(haltBody, request.body))
  return { status: 200, json: { halt } satisfies HaltAnswer }
}
