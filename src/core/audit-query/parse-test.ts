import { closestWord } from '../closest-word.ts'
import type { Condition } from './condition.ts'
import { FIELD_NAMES, type FieldName, fieldOf, isField } from './fields.ts'
import type { PlaceInQuery } from './place-in-query.ts'
import { lengthOfTime, queryTime, TIME_FORMS } from './query-time.ts'
import type { Token } from './query-tokens.ts'

const ALL_FIELDS = [...FIELD_NAMES, 'at', 'index']

/** `field = value`, `field != value`, `field in (value, …)`; of `at` and `index` also `<`, `<=`, `>`, `>=`. */
export function parseTest(place: PlaceInQuery): Condition {
  place.tests += 1
  const name = place.next
  if (name.kind !== 'word') throw place.error('here comes a field, `not` or `(`')
  place.advance()
  if (name.text === 'at' || name.text === 'index') return parseRange(place, name.text)
  if (!isField(name.text)) throw place.error(unknownField(name.text), name)
  const field = name.text
  if (place.takeWord('in'))
    return { kind: 'any', of: parseList(place).map((value) => testOf(place, field, value)) }
  if (place.takeSign('=')) return testOf(place, field, takeValue(place))
  if (place.takeSign('!=')) return { kind: 'not', of: testOf(place, field, takeValue(place)) }
  throw place.error(`after \`${field}\` comes \`=\`, \`!=\` or \`in (…)\``)
}

function unknownField(name: string): string {
  const meant = closestWord(name.toLowerCase(), ALL_FIELDS)
  const hint = meant === undefined ? `fields are ${ALL_FIELDS.join(', ')}` : `did you mean \`${meant}\`?`
  return `there is no field \`${name}\`; ${hint}`
}

function takeValue(place: PlaceInQuery): Token {
  const value = place.next
  if (value.kind !== 'word' && value.kind !== 'text')
    throw place.error('here comes a value, in "quotes" where it has spaces')
  place.advance()
  return value
}

function parseList(place: PlaceInQuery): readonly Token[] {
  if (!place.takeSign('(')) throw place.error('after `in` comes `(`')
  const values = [takeValue(place)]
  while (place.takeSign(',')) values.push(takeValue(place))
  if (!place.takeSign(')')) throw place.error('a `)` or `,` is missing here')
  place.tests += values.length - 1
  return values
}

function testOf(place: PlaceInQuery, field: FieldName, { text, column, kind }: Token): Condition {
  if (text.includes('*')) return { kind: 'like', field, pattern: text }
  const { values } = fieldOf(field)
  if (values !== undefined && !values.includes(text)) {
    const meant = closestWord(text.toLowerCase(), values)
    const hint =
      meant !== undefined
        ? `did you mean \`${meant}\`?`
        : `it is one of ${values.slice(0, 12).join(', ')}${values.length > 12 ? ', …' : ''}`
    throw place.error(`\`${field}\` is never \`${text}\`; ${hint}`, { text, column, kind })
  }
  const named: Condition = { kind: 'is', field, value: text }
  // As agents see a tool: `server__tool`.
  const [server, ...rest] = field === 'tool' ? text.split('__') : []
  if (server === undefined || server === '' || rest.length === 0) return named
  return { kind: 'any', of: [named, { kind: 'is', field, value: `${server}/${rest.join('__')}` }] }
}

const COMPARISONS = ['>=', '<=', '>', '<', '=', '!='] as const

function parseRange(place: PlaceInQuery, field: 'at' | 'index'): Condition {
  const sign = COMPARISONS.find((each) => place.takeSign(each))
  if (sign === undefined)
    throw place.error(`after \`${field}\` comes \`>\`, \`>=\`, \`<\`, \`<=\`, \`=\` or \`!=\``)
  const value = takeValue(place)
  const at = field === 'at' ? queryTime(value.text, place.now) : readIndex(value.text)
  if (at === undefined) {
    const forms = field === 'at' ? `a time is ${TIME_FORMS}` : 'an index is a number'
    throw place.error(`\`${value.text}\` is not what \`${field}\` is compared with; ${forms}`, value)
  }
  const kind = field === 'at' ? 'time' : 'place'
  const length = field === 'at' ? lengthOfTime(value.text) : 1
  const range = (from: number, until: number): Condition => ({ kind, from, until })
  switch (sign) {
    case '>':
      return range(at + length, Infinity)
    case '>=':
      return range(at, Infinity)
    case '<':
      return range(0, at)
    case '<=':
      return range(0, at + length)
    case '=':
      return range(at, at + length)
    case '!=':
      return { kind: 'not', of: range(at, at + length) }
  }
}

function readIndex(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
