import { type FatigueAnswer, fatigueQuery } from './fatigue-contract.ts'
import { RemitError } from '../core/errors.ts'
import { actorOf, type Handler, parseQuery } from './route.ts'

const DAY = 86_400_000
const MONTH = 30 * DAY
const YEAR = 366 * DAY

/** How much people were asked: by default within the last thirty days. */
export const reportFatigue: Handler = async ({ administration, pages }, request) => {
  const asked = parseQuery(fatigueQuery, request.query)
  const until = asked.until ?? pages.now()
  const from = asked.from ?? until - MONTH
  if (from >= until || until - from > YEAR) {
    throw new RemitError('input_invalid', '`from` must lie before `until`, and by a year at most')
  }
  const report = await administration.fatigueReport(actorOf(request), { from, until })
  return { status: 200, json: report satisfies FatigueAnswer }
}
