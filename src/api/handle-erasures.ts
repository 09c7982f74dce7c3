import {
  countErasureQuery,
  erasureBody,
  holdBody,
  liftHoldBody,
  type ErasureAnswer,
  type ErasureCountAnswer,
  type HoldAnswer,
  type HoldsAnswer,
} from './erasure-contract.ts'
import { actorOf, type Handler, parseBody, parseQuery } from './route.ts'

export const countErasure: Handler = async ({ erasures }, request) => {
  const { parts, records, ...rest } = parseQuery(countErasureQuery, request.query)
  const [first, last] = records?.split('-').map(Number) ?? []
  const selection = {
    ...present(rest),
    ...(first === undefined || last === undefined ? {} : { records: [first, last] as const }),
  }
  const count = await erasures.count(actorOf(request), { selection, parts })
  return { status: 200, json: count satisfies ErasureCountAnswer }
}

/** Answers when it is done; it goes on when the client goes away. */
export const eraseRecords: Handler = async ({ erasures }, request) => {
  const { selection, parts, reason } = parseBody(erasureBody, request.body)
  const done = await erasures.erase(actorOf(request), { selection: present(selection), parts, reason })
  return { status: 200, json: done satisfies ErasureAnswer }
}

export const listHolds: Handler = async ({ erasures }, request) => {
  const holds = await erasures.listHolds(actorOf(request))
  return { status: 200, json: { holds } satisfies HoldsAnswer }
}

export const placeHold: Handler = async ({ erasures }, request) => {
  const hold = await erasures.placeHold(actorOf(request), parseBody(holdBody, request.body))
  return { status: 201, json: { hold } satisfies HoldAnswer }
}

export const liftHold: Handler = async ({ erasures }, request) => {
  const { reason } = parseBody(liftHoldBody, request.body)
  const hold = await erasures.liftHold(actorOf(request), { id: request.params['id'] ?? '', reason })
  return { status: 200, json: { hold } satisfies HoldAnswer }
}

type Present<Value> = { readonly [Name in keyof Value]: Exclude<Value[Name], undefined> }

function present<Value extends object>(value: Value): Present<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Present<Value>
}
