import { describe, expect, test } from 'vitest'
import type { Json } from '../core/json.ts'
import { unknownWords } from './lint-words.ts'

const value = (word: string): Json => ({ Value: word })
const setOf = (...words: readonly Json[]): Json => ({ Set: words })
/** `context.history.labels` as the engine gives it. */
function attribute(path: string): Json {
  const [variable = '', ...names] = path.split('.')
  return names.reduce<Json>((left, attr) => ({ '.': { left, attr } }), { Var: variable })
}
const compared = (operator: string, left: Json, right: Json): Json => ({ [operator]: { left, right } })

describe('R-POL-3: a word that no fact can have is refused', () => {
  test.each([
    ['resource.labels', 'label', ['secret', 'remit-control', 'untrusted']],
    ['context.callLabels', 'label', ['ci', 'obfuscated']],
    ['context.provenance', 'label', ['untrusted', 'customer-data']],
    ['context.history.labels', 'label', ['secret']],
    ['context.environment', 'environment', ['laptop', 'ci', 'sandbox', 'staging', 'production']],
    ['principal.environment', 'environment', ['laptop', 'production']],
    [
      'principal.origin',
      'origin of a task',
      ['human-session', 'workload', 'stored-credential', 'parent-task', 'evaluation'],
    ],
    ['context.door', 'door', ['mcp', 'hook', 'egress', 'authzen', 'workspace']],
    ['context.kind', 'kind of call', ['tool']],
    ['context.protection', 'protection', ['advisory', 'enforced']],
    ['context.taskState', 'state of a task', ['active', 'expired', 'revoked']],
    ['context.outside', 'dimension of a scope', ['paths', 'tools']],
    ['resource.severity', 'severity', ['low', 'medium', 'high']],
  ])('of `%s`: what is no %s', (path, what, words) => {
    for (const word of words) {
      expect([word, unknownWords(compared('==', attribute(path), value(word)))]).toEqual([word, []])
    }
    expect(unknownWords(compared('==', attribute(path), value('qqqqqqqq')))).toEqual([
      {
        word: 'qqqqqqqq',
        message: `\`qqqqqqqq\` is no ${what}, so nothing ever has it`,
        help: expect.stringMatching(new RegExp(`^known are .*${words[0]}.*`)),
      },
    ])
  })

  test('with the word that was meant, or all that there are', () => {
    const helpFor = (word: string) =>
      unknownWords(compared('==', attribute('context.protection'), value(word))).map(({ help }) => help)
    expect(helpFor('advisry')).toEqual(['did you mean `advisory`?'])
    expect(helpFor('none')).toEqual(['known are advisory, enforced'])
  })

  test.each(['==', '!=', 'contains', 'containsAny', 'containsAll'])('by `%s`, on either side', (operator) => {
    const [path, wrong] = [attribute('context.door'), value('mpc')]
    expect(unknownWords(compared(operator, path, wrong)).map(({ word }) => word)).toEqual(['mpc'])
    expect(unknownWords(compared(operator, wrong, path)).map(({ word }) => word)).toEqual(['mpc'])
  })

  test('in a set, each of its own', () => {
    const words = setOf(value('ci'), value('sceret'), { Value: 3 }, setOf(value('lokfile')))
    expect(
      unknownWords(compared('containsAny', attribute('resource.labels'), words)).map(({ word }) => word),
    ).toEqual(['sceret', 'lokfile'])
  })

  test('wherever it stands: in operands, sets, records and arguments', () => {
    const wrong = (word: string) => compared('==', attribute('context.door'), value(word))
    const expression = {
      '||': {
        left: { '!': { arg: wrong('a1') } },
        right: { '&&': { left: wrong('a2'), right: wrong('a3') } },
      },
      Set: [wrong('a4'), { Record: { key: wrong('a5') } }],
      decimal: [wrong('a6')],
    }
    expect(unknownWords(expression).map(({ word }) => word)).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6'])
  })
})

describe('R-POL-3: what may be any word is left alone', () => {
  const door = attribute('context.door')
  test.each<readonly [string, Json]>([
    ['another comparison', compared('<', door, value('mpc'))],
    ['a pattern', { like: { left: door, pattern: ['Wildcard'] } }],
    ['another attribute', compared('==', attribute('context.tool'), value('mpc'))],
    ['a variable itself', compared('==', { Var: 'context' }, value('mpc'))],
    ['a longer path', compared('==', attribute('context.door.x'), value('mpc'))],
    ['the same name elsewhere', compared('==', attribute('resource.door'), value('mpc'))],
    ['a number', compared('==', door, { Value: 3 })],
    ['two attributes', compared('==', door, attribute('context.tool'))],
    ['no literal', compared('==', door, null)],
    ['an attribute without a name', compared('==', { '.': { left: { Var: 'context' } } }, value('mpc'))],
    ['an attribute of a literal', compared('==', { '.': { left: value('x'), attr: 'door' } }, value('mpc'))],
    ['a comparison of nothing', { '==': 'mpc' }],
    ['no expression', 'mpc'],
    ['nothing', null],
  ])('%s', (_name, expression) => {
    expect(unknownWords(expression)).toEqual([])
  })
})
