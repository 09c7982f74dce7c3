import { describe, expect, test } from 'vitest'
import { closestWord } from './closest-word.ts'
import { lintExpression, lintText } from './lint-structure.ts'
import { policyInvalid, problemText, type Problem } from './problem.ts'
import { positionAt, splitPolicies } from './split-policies.ts'

describe('R-POL-6: structure', () => {
  const structure = (text: string) => splitPolicies(text).map((statement) => statement.structure)

  test.each([
    ['permit (principal, action, resource);', { depth: 1, prefixRun: 0, operators: 0 }],
    ['permit () when { ((a)) && [b] };', { depth: 3, prefixRun: 0, operators: 1 }],
    ['when { !!a || - -b + c.d * e - f };', { depth: 1, prefixRun: 2, operators: 7 }],
    ['when { if a then b else c };', { depth: 1, prefixRun: 0, operators: 1 }],
    ['when { "((( && !!! ;" };', { depth: 1, prefixRun: 0, operators: 0 }],
    ['when { a } // ((( && ;\n;', { depth: 1, prefixRun: 0, operators: 0 }],
    [String.raw`when { "\"(((" && a };`, { depth: 1, prefixRun: 0, operators: 1 }],
  ])('%s', (text, expected) => {
    expect(structure(text)).toEqual([expected])
  })

  test('what is too deep or too long for the official parser never reaches it', () => {
    const fine = { depth: 64, prefixRun: 64, operators: 2000 }
    expect(lintText(fine)).toBeUndefined()
    expect(lintText({ ...fine, depth: 65 })).toBe('brackets nest 65 deep, at most 64 may')
    expect(lintText({ ...fine, prefixRun: 65 })).toBe('65 prefix operators stand in a row, at most 64 may')
    expect(lintText({ ...fine, operators: 2001 })).toBe(
      'the policy has 2001 operators, at most 2000 may stand in one',
    )
  })

  test('depth, chains and integers of the parsed form', () => {
    const leaf = { Value: 1 }
    const nest = (depth: number) => {
      let form: object = leaf
      for (let at = 0; at < depth; at++) form = { '!': { arg: form } }
      return form as never
    }
    const chain = (length: number, operator = '&&') => {
      let form: object = leaf
      for (let at = 0; at < length; at++) form = { [operator]: { left: form, right: leaf } }
      return form as never
    }
    expect(lintExpression(nest(62))).toEqual([])
    expect(lintExpression(nest(63))).toEqual(['the expression is 65 deep, at most 64 is allowed'])
    expect(lintExpression(chain(100))).toEqual([])
    expect(lintExpression(chain(101))).toEqual([
      'a chain of one operator is 101 long, at most 100 is allowed',
    ])
    expect(lintExpression(chain(63, '=='))).toEqual(['the expression is 65 deep, at most 64 is allowed'])
    const integers = {
      Set: [{ Value: 2 ** 53 }, { Value: 2 ** 53 - 1 }, { Value: -(2 ** 53) }, { Value: 2 ** 53 }],
    }
    expect(lintExpression(integers)).toEqual([
      'the integer 9007199254740992 is beyond ±(2^53 - 1), which is as far as policies may count',
      'the integer -9007199254740992 is beyond ±(2^53 - 1), which is as far as policies may count',
    ])
  })
})

describe('R-POL-3: statements', () => {
  test('end at a semicolon outside strings and comments; the rest is one too', () => {
    const text = '// one; two\n@id("a;b") permit ();  \n forbid () // ;\n ; rest'
    expect(splitPolicies(text).map(({ text: own, offset }) => [own, offset])).toEqual([
      ['@id("a;b") permit ();', 12],
      ['forbid () // ;\n ;', 37],
      ['rest', 55],
    ])
    expect(splitPolicies(' \n// nothing\n')).toEqual([])
    expect(splitPolicies('a "open; b').map(({ text: own }) => own)).toEqual(['a "open;', 'b'])
  })

  test('places count from 1, in UTF-16', () => {
    expect([0, 1, 2, 3, 5].map((offset) => positionAt('🙂\nab', offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
    ])
  })
})

describe('R-POL-3: problems', () => {
  const at = (file: string, line: number, column: number, more: Partial<Problem> = {}): Problem => ({
    file,
    line,
    column,
    message: 'm',
    ...more,
  })

  const listed = (error: ReturnType<typeof policyInvalid>): unknown => error.data?.['problems']

  test('one error lists them in the order of the files, and the first fifty', () => {
    const error = policyInvalid([at('b', 1, 1), at('a', 2, 1), at('a', 1, 9, { help: 'h' }), at('a', 1, 2)])
    expect(error.message.split('\n')).toEqual(['a:1:2: m', 'a:1:9: m (h)', 'a:2:1: m', 'b:1:1: m'])
    expect(error.code).toBe('policy_invalid')
    expect(listed(error)).toHaveLength(4)
    const many = (count: number) =>
      policyInvalid(Array.from({ length: count }, (_, line) => at('a', line + 1, 1)))
    expect(many(50).message.split('\n')).toHaveLength(50)
    expect(many(52).message.split('\n').slice(-2)).toEqual(['a:50:1: m', 'and 2 more'])
    expect(listed(many(52))).toHaveLength(50)
    expect(problemText(at('a', 1, 1))).toBe('a:1:1: m')
  })

  test.each([
    ['consnt', ['consent', 'content'], 'consent'],
    ['reed', ['read', 'write'], 'read'],
    ['x', ['y'], undefined],
    ['ab', ['ax', 'ab'], 'ab'],
    ['abcd', ['wxyz'], undefined],
    ['abcdefgh', ['abcdexyz'], 'abcdexyz'],
    ['abcdefgh', ['abcdwxyz'], undefined],
    ['label', ['labels', 'labe'], 'labels'],
    ['word', [], undefined],
    ['', ['a'], undefined],
  ])('of %s and %j, %s was meant', (word, words, meant) => {
    expect(closestWord(word, words)).toBe(meant)
  })
})
