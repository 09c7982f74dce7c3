import { isJsonObject, type Json } from '../core/json.ts'
import { asList, entityFromEst, malformed, member, operatorOf, optionalMember, textMember } from './est.ts'

/** How tightly an expression binds: it stands in brackets where something tighter is asked for. */
const LEVEL = { conditional: 0, or: 1, and: 2, relation: 3, sum: 4, product: 5, unary: 6, member: 7 } as const

const BINARY: Readonly<
  Record<string, { readonly own: number; readonly left: number; readonly right: number }>
> = {
  '||': { own: LEVEL.or, left: LEVEL.or, right: LEVEL.and },
  '&&': { own: LEVEL.and, left: LEVEL.and, right: LEVEL.relation },
  '+': { own: LEVEL.sum, left: LEVEL.sum, right: LEVEL.product },
  '-': { own: LEVEL.sum, left: LEVEL.sum, right: LEVEL.product },
  '*': { own: LEVEL.product, left: LEVEL.product, right: LEVEL.unary },
  ...Object.fromEntries(
    ['==', '!=', '<', '<=', '>', '>=', 'in'].map((operator) => [
      operator,
      { own: LEVEL.relation, left: LEVEL.sum, right: LEVEL.sum },
    ]),
  ),
}
const METHODS = new Set(['contains', 'containsAll', 'containsAny', 'getTag', 'hasTag'])
const CONSTRUCTORS = new Set(['ip', 'decimal', 'datetime', 'duration'])
// Words of the language itself are no plain attribute names.
const IDENTIFIER = /^(?!(?:true|false|if|then|else|in|is|like|has|__cedar)$)[A-Za-z_]\w*$/

/** An expression's JSON form as Cedar text on one line. */
export function printExpression(expression: Json, asked: number = LEVEL.conditional): string {
  const [operator, body] = operatorOf(expression)
  const [own, text] = print(operator, body)
  return own < asked ? `(${text})` : text
}

function print(operator: string, body: Json): readonly [level: number, text: string] {
  const binary = BINARY[operator]
  const part = (name: string, level: number): string => printExpression(member(body, name), level)
  if (binary !== undefined) {
    return [binary.own, `${part('left', binary.left)} ${operator} ${part('right', binary.right)}`]
  }
  if (METHODS.has(operator)) {
    return [LEVEL.member, `${part('left', LEVEL.member)}.${operator}(${part('right', LEVEL.conditional)})`]
  }
  switch (operator) {
    case 'Value':
      return literal(body)
    case 'Var':
      return [LEVEL.member, variable(body)]
    case '!':
      // Cedar takes at most four signs in a row, and no `-` after `!`.
      return [LEVEL.unary, `!${part('arg', LEVEL.member)}`]
    case 'neg':
      return [LEVEL.unary, `-${part('arg', LEVEL.member)}`]
    case '.':
      return [LEVEL.member, `${part('left', LEVEL.member)}${accessor(textMember(body, 'attr'))}`]
    case 'has':
      return [LEVEL.relation, `${part('left', LEVEL.sum)} has ${attributePath(member(body, 'attr'))}`]
    case 'like':
      return [LEVEL.relation, `${part('left', LEVEL.sum)} like ${pattern(member(body, 'pattern'))}`]
    case 'is': {
      const inside = optionalMember(body, 'in')
      const within = inside === undefined ? '' : ` in ${printExpression(inside, LEVEL.sum)}`
      return [LEVEL.relation, `${part('left', LEVEL.sum)} is ${textMember(body, 'entity_type')}${within}`]
    }
    case 'isEmpty':
      return [LEVEL.member, `${part('arg', LEVEL.member)}.isEmpty()`]
    case 'if-then-else': {
      const [condition, then, otherwise] = ['if', 'then', 'else'].map((name) => part(name, LEVEL.conditional))
      return [LEVEL.conditional, `if ${condition} then ${then} else ${otherwise}`]
    }
    case 'Set':
      return [LEVEL.member, `[${printList(asList(body))}]`]
    case 'Record':
      return [LEVEL.member, record(body)]
    default:
      return [LEVEL.member, extensionCall(operator, asList(body))]
  }
}

function variable(body: Json): string {
  if (typeof body !== 'string') throw malformed('a variable is no string')
  return body
}

function extensionCall(name: string, args: readonly Json[]): string {
  if (CONSTRUCTORS.has(name)) return `${name}(${printList(args)})`
  const [target, ...rest] = args
  if (target === undefined) throw malformed(`\`${name}\` has no arguments`)
  return `${printExpression(target, LEVEL.member)}.${name}(${printList(rest)})`
}

function printList(items: readonly Json[]): string {
  return items.map((item) => printExpression(item)).join(', ')
}

function record(body: Json): string {
  if (!isJsonObject(body)) throw malformed('a record is no object')
  const members = Object.entries(body).map(
    ([name, value]) => `${attributeName(name)}: ${printExpression(value)}`,
  )
  return `{${members.join(', ')}}`
}

function literal(body: Json): readonly [level: number, text: string] {
  if (typeof body === 'string') return [LEVEL.member, quote(body)]
  if (typeof body === 'number' || typeof body === 'boolean') {
    return [typeof body === 'number' && body < 0 ? LEVEL.unary : LEVEL.member, String(body)]
  }
  const { type, id } = entityFromEst(body)
  return [LEVEL.member, `${type}::${quote(id)}`]
}

function accessor(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${quote(name)}]`
}

function attributeName(name: string): string {
  return IDENTIFIER.test(name) ? name : quote(name)
}

/** `has a.b.c` comes as a list, `has a` as a string. */
function attributePath(attribute: Json): string {
  return typeof attribute === 'string' ? attributeName(attribute) : asList(attribute).map(String).join('.')
}

function pattern(parts: Json): string {
  const texts = asList(parts).map((part) =>
    part === 'Wildcard' ? '*' : escape(textMember(part, 'Literal')).replaceAll('*', String.raw`\*`),
  )
  return `"${texts.join('')}"`
}

/** A string as Cedar writes it, whose escapes are not those of JSON. */
export function quote(text: string): string {
  return `"${escape(text)}"`
}

function escape(text: string): string {
  return text.replaceAll(/["\\]|\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
