import { beforeEach, describe, expect, test } from 'vitest'
import { compilerOf, packCompiler } from '../../test/policy/compiled.ts'
import { chain, operation, readFile, request, task } from '../../test/policy/samples.ts'
import { explanationText } from './explanation-text.ts'
import type { LoadedPolicySet } from './policy-set.ts'

const compilePack = packCompiler()
let pack: LoadedPolicySet
beforeEach(() => {
  pack = compilePack()
})
const CALL = operation('tool.call', { type: 'Tool', id: 'files/read', ancestors: [] })

describe('R-POL-7: why', () => {
  test('a forbid that decided, with its place, conditions and the facts it read', () => {
    const { operations } = pack.explain(request([CALL, readFile('.env', ['secret'])]))
    const [, read] = operations
    expect(operations.map(({ effect }) => effect)).toEqual(['allow', 'deny'])
    expect(read).toMatchObject({
      position: 1,
      operation: 'file.read File .env',
      policies: [
        {
          id: 'secrets',
          effect: 'forbid',
          place: { file: expect.stringMatching(/policies\.cedar$/), line: expect.any(Number), column: 1 },
          parts: [
            { kind: 'principal', text: 'principal is Task' },
            { kind: 'when', text: 'resource.labels.contains("secret")' },
            { kind: 'unless', text: 'action in [Action::"file.list", Action::"tool.call"]' },
          ],
          facts: { 'resource.labels': '["secret"]' },
        },
      ],
    })
  })

  test('the permit that was nearest and the first of its conditions that failed', () => {
    const set = compilerOf(`
@id("near") permit (principal is Task, action == Action::"file.read", resource in Directory::"src")
when { context.pinned && principal.human in Team::"payments" && context.hour < 9 };
@id("far") permit (principal in Workflow::"other", action == Action::"file.read", resource)
when { context.sandboxed };
@id("elsewhere") permit (principal, action == Action::"git.push", resource);`)()
    const read = operation('file.read', { id: 'src/a.ts', ancestors: [{ type: 'Directory', id: 'src' }] })
    const { operations, changes } = set.explain(request([read]))
    expect(operations[0]?.nearMisses).toMatchObject([
      {
        id: 'near',
        holding: 5,
        parts: 6,
        failed: { kind: 'when', text: 'context.hour < 9' },
        facts: { 'context.hour': '10' },
      },
      { id: 'far', failed: { kind: 'principal', text: 'principal in Workflow::"other"' } },
    ])
    expect(changes[0]).toEqual({
      text: 'if it were 2026-11-23T00:00:00.000Z',
      effect: 'allow',
      policies: ['near'],
    })
  })

  test('a policy that could not be evaluated, and why it could not', () => {
    const set = compilerOf(`@id("all") permit (principal, action, resource);
@id("sum") forbid (principal is Task, action, resource) when { context.history.calls * 9007199254740991 * 9007199254740991 > 0 && context.pinned };`)()
    const history = { ...request([]).facts.history, calls: 2 }
    const { decision, operations } = set.explain(request([readFile()], { facts: { history } }))
    expect(decision.effect).toBe('deny')
    expect(operations[0]).toMatchObject({
      nearMisses: [],
      policies: [{ id: 'sum', error: expect.stringContaining('overflow') }],
    })
  })

  test('a gate names its scope, other policies none, and neither an error', () => {
    const set = compilerOf(`@id("all") permit (principal, action, resource);
@id("other") permit (principal, action, resource) when { context.sandboxed };
@id("ask") @consent("reading") forbid (principal is Task, action == Action::"file.read", resource);
@id("no") forbid (principal is Task, action == Action::"file.write", resource);`)()
    const { operations } = set.explain(
      request([readFile(), operation('file.write', { id: 'a' }), operation('file.list', { id: 'a' })]),
    )
    const said = operations.map(({ effect, policies: [policy], nearMisses }) => [
      effect,
      policy?.id,
      policy?.consent,
      Object.keys(policy ?? {}).filter((name) => name === 'error' || name === 'consent'),
      nearMisses,
    ])
    expect(said).toEqual([
      ['consent', 'ask', 'reading', ['consent'], []],
      ['deny', 'no', undefined, [], []],
      ['allow', 'all', undefined, [], []],
    ])
  })

  test('of several permits those that lacked least, three at most, in the order of their names', () => {
    const permit = (id: string, condition: string) =>
      `@id("${id}") permit (principal is Task, action == Action::"file.read", resource) when { ${condition} };\n`
    const set = compilerOf(
      permit('far', 'context.sandboxed && context.opaque') +
        permit('c', 'context.pinned && context.sandboxed') +
        permit('b', 'context.sandboxed') +
        permit('a', 'context.pinned && context.opaque'),
    )()
    const [read] = set.explain(request([readFile()])).operations
    expect(read?.nearMisses.map(({ id, failed }) => [id, failed.text])).toEqual([
      ['a', 'context.opaque'],
      ['b', 'context.sandboxed'],
      ['c', 'context.sandboxed'],
    ])
  })

  test('the task of a chain that a policy stopped', () => {
    const set = compilerOf(`@id("own") permit (principal in Workflow::"fix-tests", action, resource);`)()
    const { operations } = set.explain(
      request([readFile()], { chain: chain(task(), task({ id: 'tsk_0', workflow: 'other' })) }),
    )
    expect(operations[0]).toMatchObject({ effect: 'deny', ancestor: 1 })
  })
})

describe('R-POL-7: what would change it', () => {
  const texts = (...args: Parameters<typeof pack.explain>) =>
    pack.explain(...args).changes.map(({ text, effect }) => `${effect} ${text}`)

  test('an approval', () => {
    const ci = operation('file.write', { id: 'ci.yml' }, { labels: ['ci', 'lockfile'] })
    expect(texts(request([ci]))[0]).toBe('allow if approvals for `ci` and `dependencies` existed')
    const code = operation('code.execute', { type: 'Repository', id: '.' })
    expect(texts(request([code]))[0]).toBe(
      'allow if an approval for `run` existed, for this call or for the task',
    )
    const both = [code, operation('net.fetch', { type: 'Host', id: 'example.com' })]
    expect(texts(request(both))[0]).toBe('allow if approvals for `run` and `network` existed')
  })

  test('the scope, and a label', () => {
    expect(texts(request([readFile('x.ts')], { facts: { outside: [['paths']] } }))).toContain(
      'allow if `file.read File x.ts` were inside the scope of the task (paths)',
    )
    expect(texts(request([readFile('.env', ['secret'])]))).toContain(
      'allow if `file.read File .env` were not labelled `secret`',
    )
  })

  test('two things at once where no single one is enough', () => {
    const read = readFile('.env', ['secret'])
    expect(texts(request([read], { facts: { pinned: false } }))).toContain(
      'allow if the tool’s definition were the one on record and `file.read File .env` were not labelled `secret`',
    )
  })

  test('for what is allowed, what would stop it', () => {
    expect(texts(request([readFile()]))).toContain('deny if the budget were used up')
  })
})

test('R-POL-7: in words', () => {
  const text = explanationText(pack.explain(request([CALL, readFile('.env', ['secret'])])))
  expect(text).toMatch(
    /^denied\n {2}file\.read File \.env\n {4}by secrets \(forbid; coding-agent\/policies\.cedar:\d+:1\): this holds/,
  )
  expect(text).toContain('      with resource.labels = ["secret"]\n')
  expect(text).toContain('\nwhat would change it\n  allowed if ')
})
