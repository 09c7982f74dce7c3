import { closestWord } from '../closest-word.ts'
import { type Condition, EVERYTHING } from './condition.ts'
import { FIELD_NAMES } from './fields.ts'
import { PlaceInQuery } from './place-in-query.ts'
import { queryError } from './query-tokens.ts'
import { parseTest } from './parse-test.ts'

export interface AuditQuery {
  readonly where: Condition
  readonly order: 'newest' | 'oldest'
  readonly limit?: number
}

/** Most letters of a query, most tests in one, and how deep it may be nested. */
const LONGEST = 4_096
const MOST_TESTS = 100
const DEEPEST = 20

/**
 * A query in the language of docs/audit.md.
 * @param now what relative times are counted from, milliseconds since the epoch.
 * @throws RemitError `input_invalid` that names the column and what was probably meant.
 */
export function parseQuery(text: string, now: number): AuditQuery {
  if (text.length > LONGEST) throw queryError(LONGEST, `it is longer than ${LONGEST} letters`)
  const place = new PlaceInQuery(text, now)
  const empty = place.isEnd() || place.isWord('order') || place.isWord('limit')
  const where = empty ? EVERYTHING : parseAny(place, 0)
  if (place.tests > MOST_TESTS) throw queryError(1, `it asks more than ${MOST_TESTS} things`)
  const order = parseOrder(place)
  const limit = parseLimit(place)
  if (!place.isEnd()) throw unexpected(place)
  return { where, order, ...(limit === undefined ? {} : { limit }) }
}

function parseAny(place: PlaceInQuery, depth: number): Condition {
  if (depth > DEEPEST) throw place.error('it is nested too deeply')
  const of = [parseAll(place, depth)]
  while (place.takeWord('or')) of.push(parseAll(place, depth))
  return joined('any', of)
}

function parseAll(place: PlaceInQuery, depth: number): Condition {
  const of = [parseOne(place, depth)]
  while (place.takeWord('and')) of.push(parseOne(place, depth))
  return joined('all', of)
}

function joined(kind: 'all' | 'any', of: readonly Condition[]): Condition {
  const [first] = of
  return of.length === 1 && first !== undefined ? first : { kind, of }
}

function parseOne(place: PlaceInQuery, depth: number): Condition {
  if (place.takeWord('not')) {
    if (depth > DEEPEST) throw place.error('it is nested too deeply')
    return { kind: 'not', of: parseOne(place, depth + 1) }
  }
  if (!place.takeSign('(')) return parseTest(place)
  const inner = parseAny(place, depth + 1)
  if (!place.takeSign(')')) throw place.error('a `)` is missing here')
  return inner
}

function parseOrder(place: PlaceInQuery): AuditQuery['order'] {
  if (!place.takeWord('order')) return 'newest'
  if (!place.takeWord('by') || !place.takeWord('at')) throw place.error('after `order` comes `by at`')
  if (place.takeWord('asc')) return 'oldest'
  place.takeWord('desc')
  return 'newest'
}

function parseLimit(place: PlaceInQuery): number | undefined {
  if (!place.takeWord('limit')) return undefined
  const { text } = place.next
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > 10_000) throw place.error('a limit is a number from 1 to 10000')
  place.advance()
  return limit
}

function unexpected(place: PlaceInQuery): Error {
  const { text, kind } = place.next
  const close = kind === 'word' ? closestWord(text.toLowerCase(), ['and', 'or', 'order', 'limit']) : undefined
  const meant = close === undefined ? '`and`, `or`, `order by at` or `limit`' : `\`${close}\`, probably`
  const field = kind === 'word' && FIELD_NAMES.some((name) => name === text) ? ' between two tests' : ''
  return place.error(`\`${text}\` is not expected; here may come ${meant}${field}`)
}
