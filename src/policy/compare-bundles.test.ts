import { describe, expect, test } from 'vitest'
import { smallBundle } from '../../test/policy/small.ts'
import type { PolicyCase } from './case-schema.ts'
import { compareBundles } from './compare-bundles.ts'

const READ =
  '@id("read") permit (principal is Task, action in [Action::"file.read", Action::"tool.call"], resource);'
const SECRET =
  '@id("secret") forbid (principal, action, resource) when { resource.labels.contains("secret") };'

function compared(before: string, after: string, cases: readonly PolicyCase[] = []) {
  return compareBundles(smallBundle(before), smallBundle(after), cases)
}

/** Without the call itself, which the small schema does not have. */
function call(name: string, labels: readonly 'secret'[] = []): PolicyCase {
  const operations = [{ action: 'file.read' as const, resource: 'File::"a"', labels: [...labels] }]
  return { name, operations, expect: { effect: 'allow' } }
}

describe('R-POL-9: what a change of policies does', () => {
  test('nothing, when only words changed', async () => {
    const { loosened, tightened, otherwise, policies, requests } = await compared(READ, `// note\n${READ}`)
    expect([loosened, tightened, otherwise]).toEqual([[], [], []])
    expect(policies).toEqual({ added: [], removed: [], changed: [] })
    expect(requests).toBeGreaterThan(100)
  })

  test('policies are added, removed and changed by their meaning', async () => {
    expect(
      (await compared(`${READ}${SECRET}`, SECRET.replace('contains("secret")', 'contains("ci")'))).policies,
    ).toEqual({
      added: [],
      removed: ['read'],
      changed: ['secret'],
    })
    expect((await compared(READ, `${READ}${SECRET}`)).policies.added).toEqual(['secret'])
  })

  test('a new forbid tightens, taking it away loosens, and both name it with some of the requests', async () => {
    const cases = [call('plain'), call('sec', ['secret']), call('again', ['secret'])]
    const tighter = await compared(READ, `${READ}${SECRET}`, cases)
    expect([tighter.loosened, tighter.otherwise]).toEqual([[], []])
    expect(tighter.tightened).toEqual([
      {
        from: 'allow',
        to: 'deny',
        policies: ['secret'],
        requests: 3,
        examples: ['case “again”', 'tool.call Tool, secret', 'file.read File, secret'],
      },
    ])
    const looser = await compared(`${READ}${SECRET}`, READ)
    expect(looser.tightened).toEqual([])
    expect(looser.loosened).toMatchObject([{ from: 'deny', to: 'allow', policies: ['secret'] }])
  })

  test('gates: fewer loosen, more tighten, others are neither', async () => {
    const gate = (id: string, scope: string, more = '') =>
      `@id("${id}") @consent("${scope}") ${more} forbid (principal, action, resource) when { context.opaque };`
    const [one, two] = [`${READ}${gate('g', 'one')}`, `${READ}${gate('g', 'one')}${gate('h', 'two')}`]
    expect((await compared(one, two)).tightened).toMatchObject([
      { from: 'consent', to: 'consent', policies: ['h'] },
    ])
    expect((await compared(two, one)).loosened).toMatchObject([
      { from: 'consent', to: 'consent', policies: ['h'] },
    ])
    expect((await compared(one, READ)).loosened).toMatchObject([
      { from: 'consent', to: 'allow', policies: ['g'] },
    ])
    expect((await compared(READ, one)).tightened).toMatchObject([
      { from: 'allow', to: 'consent', policies: ['g'] },
    ])
    for (const more of ['@consent_by("lead")', '@quorum("2")']) {
      const other = await compared(one, `${READ}${gate('g', 'one', more)}`)
      expect(other.otherwise).toMatchObject([{ from: 'consent', to: 'consent', policies: ['g'] }])
      expect([other.loosened, other.tightened]).toEqual([[], []])
    }
  })

  test.each([
    ['nobody else, to the delegator when alone', '', '@delegator("alone")', 'loosened'],
    ['the delegator when alone, to the delegator', '@delegator("alone")', '@delegator("yes")', 'loosened'],
    ['nobody else, to the delegator', '', '@delegator("yes")', 'loosened'],
    ['each time, to once for a task', '', '@grant("task")', 'loosened'],
    [
      'once for a task by one, to each time by the delegator',
      '@grant("task")',
      '@delegator("yes")',
      'otherwise',
    ],
  ] as const)('who may agree, from %s', async (_name, was, is, direction) => {
    const gate = (more: string) =>
      `${READ} @id("g") @consent("one") ${more} forbid (principal, action, resource);`
    const none = { loosened: [], tightened: [], otherwise: [] }
    const transition = { from: 'consent', to: 'consent', policies: ['g'] }
    const back = { loosened: 'tightened', otherwise: 'otherwise' } as const
    expect(await compared(gate(was), gate(is))).toMatchObject({ ...none, [direction]: [transition] })
    expect(await compared(gate(is), gate(was))).toMatchObject({ ...none, [back[direction]]: [transition] })
    expect(await compared(gate(is), gate(is).replace('resource)', 'resource) when { true }'))).toMatchObject(
      none,
    )
  })

  test('what changed most stands first, and at most three examples are named', async () => {
    const broad =
      '@id("none") forbid (principal, action == Action::"file.read", resource) unless { context.opaque };'
    const narrow = '@id("some") forbid (principal, action, resource) when { context.opaque };'
    const { tightened } = await compared(READ, `${READ}${broad}${narrow}`)
    expect(tightened.map(({ policies }) => policies)).toEqual([['none'], ['some']])
    expect(tightened[0]?.examples).toEqual([
      'file.read File',
      'file.read File, in a sandbox',
      'file.read File, in CI',
    ])
    expect(tightened[0]?.requests).toBeGreaterThan(30)
  })

  test('cases about people are not asked, and those of both folders once', async () => {
    const approve = {
      name: 'p',
      approve: { human: { id: 'a' }, task: 'b', alone: false, severity: 'low' as const },
      expect: { effect: 'allow' as const },
    }
    const { requests } = await compared(READ, READ)
    expect((await compared(READ, READ, [approve, call('a'), call('b')])).requests).toBe(requests + 1)
    expect((await compared(READ, READ, [call('a'), call('b', ['secret'])])).requests).toBe(requests + 2)
  })

  test('where nothing permits it any more, all that decided before is named', async () => {
    expect((await compared(READ, SECRET)).tightened).toMatchObject([
      { policies: ['read'] },
      { policies: ['read', 'secret'] },
    ])
    const { loosened } = await compared(SECRET, `${READ}${SECRET}`)
    expect(loosened).toMatchObject([{ from: 'deny', to: 'allow', policies: ['read'] }])
  })
})
