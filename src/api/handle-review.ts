import {
  markBody,
  reviewQuery,
  type ReviewAnswer,
  signOffBody,
  type SignOffAnswer,
} from './review-contract.ts'
import { actorOf, type Handler, parseBody, parseQuery } from './route.ts'

export const showReview: Handler = async ({ review }, request) => {
  const { fresh } = parseQuery(reviewQuery, request.query)
  const answer = await review.answer(actorOf(request), { fresh: fresh === '1' })
  return { status: 200, json: answer satisfies ReviewAnswer }
}

export const markReviewItem: Handler = async ({ review }, request) => {
  const { until, ...wish } = parseBody(markBody, request.body)
  await review.mark(actorOf(request), { ...wish, ...(until === undefined ? {} : { until }) })
  return { status: 201, json: { item: wish.item, mark: wish.mark } }
}

export const signOffReview: Handler = async ({ review }, request) => {
  const state = await review.signOff(actorOf(request), parseBody(signOffBody, request.body))
  return { status: 201, json: { state } satisfies SignOffAnswer }
}
