import { describe, expect, test } from 'vitest'
import type { Est } from './est.ts'
import { linkTemplates, slotsOf } from './link-templates.ts'
import type { ParsedPolicy } from './parse-job.ts'
import type { Problem } from './problem.ts'

const est: Est = {
  effect: 'permit',
  principal: { op: 'in', slot: '?principal' },
  action: { op: 'All' },
  resource: { op: 'is', entity_type: 'File', in: { slot: '?resource' } },
  conditions: [],
  annotations: { id: 'both', reason: 'because' },
}
const template = (id: string, over: Est = {}): ParsedPolicy => ({
  id,
  file: 'pack.cedar',
  line: 1,
  column: 1,
  est: { ...est, ...over },
  template: true,
})
const TEMPLATES = [
  template('both'),
  template('person', { resource: { op: 'is', entity_type: 'File' } }),
  template('place', { principal: { op: 'All' }, resource: { op: '==', slot: '?resource' } }),
]
const TASK = `"?principal": 'Workflow::"docs"'`
const FILE = `"?resource": 'Directory::"docs"'`

function linked(text: string, templates = TEMPLATES) {
  const problems: Problem[] = []
  const policies = linkTemplates({ file: 'links.yaml', text }, templates, problems)
  return { policies, problems }
}
const link = (of: string, values: string): string =>
  `- newId: one\n  template: ${of}\n  values: { ${values} }\n`
const at = (line: number, column: number) => ({ file: 'links.yaml', line, column })
const SHAPE = 'write `Type::"id"`'

describe('R-POL-3: a link fills the slots that its template has', () => {
  const user = { type: 'Workflow', id: 'docs' }
  const folder = { type: 'Directory', id: 'docs' }
  test.each([
    [
      'both',
      `${TASK}, ${FILE}`,
      { op: 'in', entity: user },
      { op: 'is', entity_type: 'File', in: { entity: folder } },
    ],
    ['person', TASK, { op: 'in', entity: user }, { op: 'is', entity_type: 'File' }],
    ['place', FILE, { op: 'All' }, { op: '==', entity: folder }],
  ])('%s', (of, values, principal, resource) => {
    const { policies, problems } = linked(link(of, values))
    expect(problems).toEqual([])
    expect(policies).toStrictEqual([
      {
        id: 'one',
        ...at(1, 3),
        est: { ...est, principal, resource, annotations: { id: 'one', reason: 'because' } },
        linkOf: of,
      },
    ])
  })

  test('slots are known by where they stand', () => {
    expect(TEMPLATES.map((each) => slotsOf(each.est))).toEqual([
      ['?principal', '?resource'],
      ['?principal'],
      ['?resource'],
    ])
    expect(
      slotsOf({
        ...est,
        principal: { op: 'All' },
        resource: { op: 'All' },
        conditions: [{ slot: '?resource' }],
      }),
    ).toEqual([])
  })
})

describe('R-POL-3: a wrong link makes nothing, and is refused where it stands', () => {
  test.each<readonly [string, string, readonly Problem[]]>([
    [
      'a template that is not there',
      link('other', `${TASK}, ${FILE}`),
      [
        {
          ...at(2, 13),
          message: 'no template has the id `other`',
          help: 'templates are both, person, place',
        },
      ],
    ],
    [
      'one that was nearly named',
      link('persn', TASK),
      [{ ...at(2, 13), message: 'no template has the id `persn`', help: 'did you mean `person`?' }],
    ],
    [
      'a slot without a value',
      link('both', FILE),
      [{ ...at(3, 11), message: 'slot `?principal` has no value', help: SHAPE }],
    ],
    [
      'a value without a slot',
      link('person', `${TASK}, ${FILE}`),
      [{ ...at(3, 60), message: 'the template has no slot `?resource`', help: 'leave the value out' }],
    ],
    [
      'a value without a slot that is no entity besides',
      link('person', `${TASK}, "?resource": x`),
      [{ ...at(3, 60), message: 'the template has no slot `?resource`', help: 'leave the value out' }],
    ],
    [
      'values that are no entities',
      link('both', `"?principal": docs, "?resource": 'Directory::docs'`),
      [
        { ...at(3, 27), message: '`docs` is no entity', help: SHAPE },
        { ...at(3, 46), message: '`Directory::docs` is no entity', help: SHAPE },
      ],
    ],
    [
      'a list of something else',
      '- 3',
      [{ ...at(1, 3), message: 'Invalid input: expected object, received number' }],
    ],
    ['no list', 'newId: x', [{ ...at(1, 1), message: 'Invalid input: expected array, received object' }]],
    ['nothing', '', [{ ...at(1, 1), message: 'Invalid input: expected array, received null' }]],
    [
      'a value of another kind',
      link('person', '"?principal": 3'),
      [{ ...at(3, 27), message: 'Invalid input: expected string, received number' }],
    ],
    [
      'a member too many, in the second link',
      `${link('person', TASK)}${link('person', TASK)}  more: 1\n`,
      [{ ...at(4, 3), message: 'Unrecognized key: "more"' }],
    ],
    [
      'a member twice: which of the two counts is nobody’s guess',
      '- newId: a\n  newId: b\n  template: person\n',
      [{ ...at(2, 3), message: 'Map keys must be unique' }],
    ],
    ['what is no YAML', '- "a', [{ ...at(1, 5), message: 'Missing closing "quote' }]],
  ])('%s', (_name, text, problems) => {
    const found = linked(text)
    expect(found.policies).toEqual([])
    expect(found.problems).toStrictEqual(problems)
  })

  test('without templates it says that there are none', () => {
    expect(linked(link('both', TASK), []).problems).toStrictEqual([
      { ...at(2, 13), message: 'no template has the id `both`', help: 'this folder has no template' },
    ])
  })

  test('and the others still stand, so that all problems are listed at once', () => {
    const { policies, problems } = linked(`${link('person', FILE)}${link('person', TASK)}${link('x', TASK)}`)
    expect(policies.map(({ line }) => line)).toEqual([4])
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [3, 'slot `?principal` has no value'],
      [3, 'the template has no slot `?resource`'],
      [8, 'no template has the id `x`'],
    ])
  })
})
