import { describe, expect, test } from 'vitest'
import type { PolicySource } from './parse-job.ts'
import { problemText } from './problem.ts'
import { runParseJob } from './run-parse-job.ts'

/** A small schema, since the engine reads it anew in each job. */
const SCHEMA = {
  file: 'small.cedarschema',
  text: `entity Team;
entity Task in [Team] { human: Team };
entity File in [File] { labels: Set<String> };
entity Tool;
action "file.read", "file.write" appliesTo { principal: Task, resource: [File, Tool], context: { pinned: Bool, "door"?: String } };
action "reads", "file.reader";`,
}
const READ = 'permit (principal is Task, action == Action::"file.read", resource is File);'

function job(...texts: readonly string[]) {
  const sources = texts.map((text, index): PolicySource => ({ file: `${index}.cedar`, text }))
  return runParseJob({ sources, schema: SCHEMA })
}
const complaints = (text: string): readonly string[] => job(text).problems.map(problemText)
const when = (condition: string): string => `@id("a") ${READ.replace(';', ` when { ${condition} };`)}`

describe('R-POL-3: what a sound file gives', () => {
  test('its policies, where each begins, and what resources each action is for', () => {
    const text = `// first\n@id("a") ${READ}\n\n  @id("b")\n${READ.replace('permit', 'forbid')}`
    const { schema, policies, problems } = job(text, '', `@id("c") ${READ}`)
    expect(problems).toEqual([])
    expect(schema).toEqual({
      resourceTypes: {
        'file.read': ['File', 'Tool'],
        'file.write': ['File', 'Tool'],
        reads: [],
        'file.reader': [],
      },
    })
    expect(policies.map((list) => list?.map(({ est, ...about }) => [about, est['effect']]))).toEqual([
      [
        [{ id: 'a', file: '0.cedar', line: 2, column: 1 }, 'permit'],
        [{ id: 'b', file: '0.cedar', line: 4, column: 3 }, 'forbid'],
      ],
      [],
      [[{ id: 'c', file: '2.cedar', line: 1, column: 1 }, 'permit']],
    ])
  })

  test('a template is one, wherever its slot stands', () => {
    const text = `@id("a") permit (principal == ?principal, action, resource);
@id("b") permit (principal, action, resource in ?resource);`
    expect(job(text).policies[0]?.map(({ id, template }) => [id, template])).toEqual([
      ['a', true],
      ['b', true],
    ])
  })

  test('a file with a problem gives nothing, not even its sound policies; others do', () => {
    const { policies } = job(`@id("a") ${READ} ${READ}`, `@id("b") ${READ}`, when('context.pined'))
    expect(policies.map((list) => list?.map(({ id }) => id))).toEqual([undefined, ['b'], undefined])
  })
})

describe('R-POL-3: a schema that is none', () => {
  test('is refused where it is wrong, and no policy is looked at', () => {
    const schema = { file: 's.cedarschema', text: 'entity Task;\n// ü\nentity;' }
    const { policies, problems, ...rest } = runParseJob({
      sources: [{ file: 'a.cedar', text: 'nonsense' }],
      schema,
    })
    expect(rest.schema).toBeUndefined()
    expect(policies).toEqual([])
    expect(problems).toEqual([
      { file: 's.cedarschema', line: 3, column: 7, message: expect.any(String), help: expect.any(String) },
    ])
  })
})

describe('R-POL-3: each problem where it stands', () => {
  test.each([
    [
      'a policy without a name',
      `  ${READ}`,
      ['0.cedar:1:3: the policy has no `@id` (add `@id("a-name")` above it)'],
    ],
    [
      'an annotation, with space before it',
      `@id("a") @ consnt("x")\n@doc("@consnt") ${READ}`,
      ['0.cedar:1:10: annotation `@consnt` is not known (did you mean `@consent`?)'],
    ],
    [
      'an annotation whose name begins another',
      `@id("a") @consent_by("x") @consent("X") ${READ.replace('permit', 'forbid')}`,
      ['0.cedar:1:27: `@consent("X")` names no scope: lower-case letters, digits and . _ -'],
    ],
    [
      'a word, the last of its like',
      `@doc("egres")\n${when('context has door && context.door == "egres"')}`,
      ['0.cedar:2:129: `egres` is no door, so nothing ever has it (did you mean `egress`?)'],
    ],
    [
      'an attribute, counted in UTF-16 behind letters of several bytes',
      `@doc("🙂é") ${when('context.pined')}`,
      [
        '0.cedar:1:105: attribute `pined` in context for Action::"file.read" not found (did you mean `pinned`?)',
      ],
    ],
    [
      'an action, with the one that was meant',
      `@id("a")\n${READ.replace('file.read', 'file.raed')}`,
      ['0.cedar:2:38: unrecognized action `Action::"file.raed"` (did you mean `Action::"file.read"`?)'],
    ],
    [
      'what is no policy',
      `@id("a") ${READ}\n  nonsense`,
      ['0.cedar:2:11: unexpected end of input (expected `(`)'],
    ],
    [
      'brackets without end',
      `// deep\n@id("a") ${READ.replace(';', ` when { ${'('.repeat(64)}true${')'.repeat(64)} };`)}`,
      ['0.cedar:2:1: brackets nest 65 deep, at most 64 may'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(complaints(text)).toEqual(expected)
  })

  test('an action that was meant is one of those that calls have, not a group of the schema', () => {
    expect(complaints(`@id("a") ${READ.replace('file.read', 'file.reade')}`)).toEqual([
      '0.cedar:1:47: unrecognized action `Action::"file.reade"` (did you mean `Action::"file.read"`?)',
    ])
  })

  test('what is of no part stands where the policy does, and what has no help has none', () => {
    const place = { file: '0.cedar', line: 1, column: 1 }
    expect(job(`@doc("@undefined") ${READ}`).problems).toStrictEqual([
      { ...place, message: 'the policy has no `@id`', help: 'add `@id("a-name")` above it' },
    ])
    expect(job(`@id("a") @severity("low") ${READ}`).problems).toStrictEqual([
      { ...place, column: 10, message: '`@severity` stands on a permit; only a forbid can have it' },
    ])
    expect(job(when('1 < context.pinned')).problems).toStrictEqual([
      {
        ...place,
        column: 97,
        message: expect.stringContaining('unexpected type'),
      },
    ])
  })

  test('a policy that only speaks of slots is no template', () => {
    expect(job(`@id("a") @doc("?principal") ${READ}`)).toMatchObject({
      problems: [],
      policies: [[{ id: 'a', line: 1 }]],
    })
  })

  test('a policy that can never hold is refused, though no type is wrong with it', () => {
    expect(complaints(when('context.pinned && principal is Team'))).toEqual([
      expect.stringMatching(/^0\.cedar:1:\d+: policy is impossible/),
    ])
  })

  test('what the validator says of each resource type is said once', () => {
    const text =
      '@id("a") permit (principal is Task, action in [Action::"file.read", Action::"file.write"], resource) when { context.pined };'
    expect(complaints(text)).toHaveLength(1)
    expect(complaints(`${text}\n${text.replace('"a"', '"b"')}`)).toHaveLength(2)
  })

  test('a policy that is wrong in itself is not validated besides', () => {
    expect(complaints(READ.replace('Task', 'Tsk'))).toEqual([
      '0.cedar:1:1: the policy has no `@id` (add `@id("a-name")` above it)',
    ])
  })

  test('several of one file, each of its own', () => {
    expect(
      complaints(`${READ}\n@id("A") ${READ}\n${when('context.pined')}`).map((line) => line.slice(0, 12)),
    ).toEqual(['0.cedar:1:1:', '0.cedar:2:1:', '0.cedar:3:93'])
  })
})

describe('R-POL-3: links', () => {
  const TEMPLATE =
    '@id("t") permit (principal in ?principal, action == Action::"file.read", resource is File) when { context.pinned };'
  const link = (id: string, team = 'a') =>
    `- {newId: ${id}, template: t, values: {"?principal": 'Team::"${team}"'}}\n`
  function linked(links: string, template = TEMPLATE) {
    const templates = [{ file: 'pack.cedar', text: template }]
    return runParseJob({
      sources: [...templates, { file: 'links.yaml', text: links, templates }],
      schema: SCHEMA,
    })
  }

  test('make policies that stand where the link does', () => {
    const { policies, problems } = linked(`${link('one')}${link('two', 'b')}`)
    expect(problems).toEqual([])
    expect(policies[1]?.map(({ est, ...about }) => [about, est['principal']])).toEqual([
      [
        { id: 'one', file: 'links.yaml', line: 1, column: 3, linkOf: 't' },
        { op: 'in', entity: { type: 'Team', id: 'a' } },
      ],
      [
        { id: 'two', file: 'links.yaml', line: 2, column: 3, linkOf: 't' },
        { op: 'in', entity: { type: 'Team', id: 'b' } },
      ],
    ])
  })

  test('are linted and validated as the policies that they make', () => {
    expect(linked(link('A')).problems.map(problemText)).toEqual([
      'links.yaml:1:3: `A` is no policy id: lower-case letters, digits and . _ / -',
    ])
    const place = { file: 'links.yaml', line: 1, column: 3 }
    expect(linked(link('one').replace('Team', 'File')).problems).toStrictEqual([
      { ...place, message: expect.stringMatching(/^unable to find an applicable action/) },
      { ...place, message: expect.stringMatching(/^policy is impossible/) },
    ])
    expect(linked(link('one').replace('Team', 'Tem')).problems.map(problemText)).toEqual([
      'links.yaml:1:3: unrecognized entity type `Tem` (did you mean `Team`?)',
    ])
  })

  test('of a template that is wrong say nothing more, and name one that is refused as unknown', () => {
    const wrong = TEMPLATE.replace('pinned', 'pined')
    expect(linked(`${link('one')}${link('two')}`, wrong).problems.map(({ file }) => file)).toEqual([
      'pack.cedar',
    ])
    expect(
      linked(link('one'), TEMPLATE.replace('@id("t")', '@id("t") @nix')).problems.map(problemText),
    ).toEqual([
      expect.stringMatching(/^pack\.cedar:1:10: annotation `@nix` is not known/),
      'links.yaml:1:26: no template has the id `t` (this folder has no template)',
    ])
  })

  test('cannot be made of a policy without slots', () => {
    expect(linked(link('one'), `@id("t") ${READ}`).problems.map(({ message }) => message)).toEqual([
      'no template has the id `t`',
    ])
  })
})
