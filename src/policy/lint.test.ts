import { describe, expect, test } from 'vitest'
import { BUILTIN_FILE } from './builtin-policies.ts'
import { closestWord } from '../core/closest-word.ts'
import { lintExpression, lintText } from './lint-structure.ts'
import { lintPolicy } from './lint.ts'
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

describe('R-POL-3: annotations that are refused', () => {
  type Annotations = Readonly<Record<string, string>>
  const scopes = { principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' } }
  const lint = (effect: string, annotations: Annotations, file = 'pack.cedar') =>
    lintPolicy({ effect, ...scopes, conditions: [], annotations }, file)
  const forbid = (annotations: Annotations) => lint('forbid', { id: 'a', ...annotations })
  const gate = (annotations: Annotations) => forbid({ consent: 'x', ...annotations })
  const permit = (annotations: Annotations) => lint('permit', { id: 'a', ...annotations })

  test.each(['a', '0', 'a.b_c/d-9', 'a'.repeat(128)])('the id `%s` is one', (id) => {
    expect(lint('forbid', { id })).toEqual([])
  })

  test.each(['', 'A', '.a', '-a', '/a', 'a b', 'a:b', 'ä', 'a\n', 'a'.repeat(129)])(
    'the id %j is none',
    (id) => {
      const message = `\`${id}\` is no policy id: lower-case letters, digits and . _ / -`
      expect(lint('forbid', { id })).toEqual([{ message, annotation: 'id' }])
    },
  )

  test('Remit’s own ids are for its own file, and even there each policy has one', () => {
    expect(lint('forbid', { id: 'remit:x' })).toEqual([
      { message: 'ids that start with `remit:` are Remit’s own', annotation: 'id' },
    ])
    expect(lint('forbid', { id: 'remit:x' }, BUILTIN_FILE)).toEqual([])
    for (const file of ['pack.cedar', BUILTIN_FILE]) {
      expect(lint('forbid', {}, file)).toEqual([
        { message: 'the policy has no `@id`', help: 'add `@id("a-name")` above it' },
      ])
    }
  })

  test.each([
    ['resaon', 'did you mean `@reason`?'],
    ['toString', expect.stringMatching(/^known are @id, @reason, @doc, .*@withhold$/)],
    ['x', expect.stringMatching(/^known are @id, /)],
  ])('`@%s` is not known', (name, help) => {
    expect(forbid({ [name]: 'x' })).toEqual([
      { message: `annotation \`@${name}\` is not known`, help, annotation: name },
    ])
  })

  test.each([
    ['consent', 'x'],
    ['severity', 'low'],
    ['always', ''],
  ])('`@%s` is for a forbid', (name, value) => {
    const message = `\`@${name}\` stands on a permit; only a forbid can have it`
    expect(permit({ [name]: value })).toEqual([{ message, annotation: name }])
    expect(forbid({ [name]: value })).toEqual([])
  })

  test.each(['redact', 'withhold'])('`@%s` is for a permit', (name) => {
    const message = `\`@${name}\` stands on a forbid; only a permit can have it`
    expect(forbid({ [name]: 'secrets' })).toEqual([{ message, annotation: name }])
    expect(permit({ [name]: 'secrets' })).toEqual([])
  })

  test.each([
    ['consent_by', 'lead'],
    ['delegator', 'never'],
    ['grant', 'task'],
    ['quorum', '2'],
    ['timeout', '10m'],
  ])('`@%s` means nothing without a gate', (name, value) => {
    const message = `\`@${name}\` needs a \`@consent\``
    expect(forbid({ [name]: value }).filter(({ help }) => help === undefined)).toEqual([
      { message, annotation: name },
    ])
    expect(gate({ [name]: value })).toEqual([])
  })

  test('a scope of consent is one word of at most 64 letters', () => {
    const refused = (scope: string) => forbid({ consent: scope })
    for (const scope of ['x', '9', 'a.b_c-d', 'a'.repeat(64)]) expect(refused(scope)).toEqual([])
    for (const scope of ['', 'X', '.a', '_a', 'a/b', 'a b', 'b!', 'a'.repeat(65)]) {
      const message = `\`@consent("${scope}")\` names no scope: lower-case letters, digits and . _ -`
      expect(refused(scope)).toEqual([{ message, annotation: 'consent' }])
    }
  })

  test('a standing agreement is refused where several must look, or each time', () => {
    const refused = (annotations: Annotations) => gate({ grant: 'task', ...annotations })
    const problem = (what: string) => ({
      message: `\`@grant\` stands on ${what}, which is agreed to each time`,
      help: 'leave `@grant` out',
      annotation: 'grant',
    })
    for (const fine of [{}, { quorum: '1' }, { severity: 'medium' }, { severity: 'low', quorum: '1' }])
      expect(refused(fine)).toEqual([])
    expect(refused({ quorum: '2' })).toEqual([problem('a gate that needs several humans')])
    expect(refused({ severity: 'high' })).toEqual([problem('a gate of high severity')])
    expect(refused({ severity: 'high', quorum: '3' })).toEqual([problem('a gate of high severity')])
    expect(gate({ severity: 'high', quorum: '3' })).toEqual([])
  })

  test.each<readonly [string, readonly string[], readonly string[], string]>([
    ['delegator', ['never', 'alone', 'yes'], ['', 'no', 'Yes'], '`never`, `alone` or `yes`'],
    ['grant', ['task'], ['', 'Task', 'tasks'], '`task`'],
    ['quorum', ['1', '9'], ['0', '10', '1.5', '-1', ''], 'a number from 1 to 9'],
    ['severity', ['low', 'medium', 'high'], ['', 'urgent'], '`low`, `medium` or `high`'],
    [
      'timeout',
      ['30s', '604800s', '1m', '168h', '7d'],
      ['29s', '604801s', '8d', '5', 'm', '', ' 10m', '10m ', '1w', '1000000s'],
      'a time from `30s` to `7d`, as in `10m` or `2h`',
    ],
    ['always', [''], ['yes', ' '], 'no value at all'],
    ['consent_by', ['lead', 'a b'], ['', ' ', ' lead', 'lead '], 'the name of a role or team'],
    ['reason', ['because'], ['', ' \n'], 'a sentence'],
  ])('`@%s` says what it may say', (name, right, wrong, expected) => {
    for (const value of right) expect([value, gate({ [name]: value })]).toEqual([value, []])
    for (const value of wrong) {
      const message = `\`@${name}("${value}")\` is not understood`
      expect(gate({ [name]: value })).toEqual([{ message, help: `write ${expected}`, annotation: name }])
    }
  })

  test.each(['redact', 'withhold'])('`@%s` is about secrets', (name) => {
    expect(permit({ [name]: 'secret' })).toEqual([
      { message: `\`@${name}("secret")\` is not understood`, help: 'write `secrets`', annotation: name },
    ])
  })

  test('each clause is looked at, and what is no clause is passed over', () => {
    const clause = (word: string) => ({
      kind: 'when',
      body: { '==': { left: { '.': { left: { Var: 'context' }, attr: 'door' } }, right: { Value: word } } },
    })
    const huge = { kind: 'unless', body: { Value: 2 ** 53 } }
    const of = (conditions: unknown) =>
      lintPolicy({ effect: 'forbid', ...scopes, annotations: { id: 'a' }, conditions } as never, 'pack.cedar')
    expect(of([clause('egres'), huge, clause('hok')])).toEqual([
      { message: expect.stringContaining('the integer 9007199254740992 is beyond') },
      {
        message: '`egres` is no door, so nothing ever has it',
        help: 'did you mean `egress`?',
        literal: 'egres',
      },
      { message: '`hok` is no door, so nothing ever has it', help: 'did you mean `hook`?', literal: 'hok' },
    ])
    expect(of([clause('mcp'), { kind: 'when' }, null, 'x'])).toEqual([])
    expect(of(undefined)).toEqual([])
  })
})
