import { NO_HISTORY } from '../core/facts.ts'
import { describe, expect, test } from 'vitest'
import { compilerOf, parsedOf } from '../../test/policy/compiled.ts'
import { chain, operation, readFile, request, task } from '../../test/policy/samples.ts'
import type { Decision } from '../core/decision.ts'
import { dissectPolicy } from './dissect-policy.ts'
import { findChanges } from './find-changes.ts'
import type { DecisionRequest } from './policy-set.ts'
import { possibleChanges } from './possible-changes.ts'

const TEXT = `@id("team") permit (principal in Workflow::"docs", action, resource)
when { principal.human in [Team::"pay", Team::"core"] || principal.human in Role::"lead" };
@id("bot") permit (principal in AgentKind::"bot", action, resource);`

const DENIED: Decision = { effect: 'deny', reasons: [], policies: [], gates: [], obligations: [], errors: [] }

function changes(call: DecisionRequest, decision: Partial<Decision> = {}) {
  const policies = parsedOf(TEXT).policies.map(dissectPolicy)
  const all = possibleChanges(call, { decision: { ...DENIED, ...decision }, policies, decide: () => DENIED })
  return {
    texts: all.map(({ text }) => text),
    after: (text: string) => all.find((each) => each.text === text)?.apply(call),
  }
}

const CALL = operation('tool.call', { type: 'Tool', id: 'files/x' })
const history = { ...NO_HISTORY, calls: 3, denials: 1, labels: ['secret', 'ci'] } as const
const call = request([CALL, readFile('.env', ['secret']), readFile('b', [])], {
  facts: { history, provenance: ['untrusted'], approvals: ['old'], outside: [[], ['paths', 'actions'], []] },
})

describe('R-POL-7: what could be otherwise', () => {
  test('approvals of all open gates are one change, added to those there are', () => {
    const gates = (...scopes: string[]) => ({ gates: scopes.map((scope) => ({ scope })) as never })
    expect(changes(call, gates('ci', 'ci')).after('an approval for `ci` existed')?.facts.approvals).toEqual([
      'old',
      'ci',
    ])
    expect(
      changes(call, gates('ci', 'db')).after('approvals for `ci` and `db` existed')?.facts.approvals,
    ).toEqual(['old', 'ci', 'db'])
    expect(changes(call).texts.filter((text) => text.includes('approval'))).toEqual([])
  })

  test('being inside the scope, or outside it', () => {
    const { after, texts } = changes(call)
    const inside = after('`file.read File .env` were inside the scope of the task (paths, actions)')
    expect(inside?.facts.outside).toEqual([[], [], []])
    expect(after('`file.read File b` were outside the scope of the task')?.facts.outside).toEqual([
      [],
      ['paths', 'actions'],
      ['actions'],
    ])
    expect(texts).not.toContain('`file.read File .env` were outside the scope of the task')
  })

  test('what came before', () => {
    const { after, texts } = changes(call)
    expect(after('`context.history.calls` were 0')?.facts.history).toEqual({ ...history, calls: 0 })
    expect(texts).toContain('`context.history.denials` were 0')
    expect(texts).not.toContain('`context.history.writes` were 0')
    expect(after('nothing labelled `ci` had been read before')?.facts.history.labels).toEqual(['secret'])
    expect(after('no argument came from content labelled `untrusted`')?.facts.provenance).toEqual([])
  })

  test('facts that are either so or not, and those with few values', () => {
    const { after, texts } = changes(call)
    expect(after('the tool’s definition were not the one on record')?.facts.pinned).toBe(false)
    expect(after('it ran in a proved sandbox')?.facts.sandboxed).toBe(true)
    const other = request([CALL], { facts: { pinned: false, sandboxed: true } })
    expect(changes(other).after('the tool’s definition were the one on record')?.facts.pinned).toBe(true)
    expect(changes(other).after('it did not run in a proved sandbox')?.facts.sandboxed).toBe(false)
    expect(after('`context.door` were "hook"')?.facts.door).toBe('hook')
    expect(texts).not.toContain('`context.door` were "mcp"')
    const ci = after('the environment were a proved `ci`')
    expect([ci?.facts.environment, ci?.chain.task.environment, ci?.chain.task.environmentProved]).toEqual([
      'ci',
      'ci',
      true,
    ])
  })

  test('an operation: its labels, whether it is understood, whether it is there', () => {
    const { after, texts } = changes(call)
    const labels = (text: string) => after(text)?.operations.map((each) => each.labels)
    expect(labels('`file.read File .env` were not labelled `secret`')).toEqual([[], [], []])
    expect(labels('`file.read File .env` were labelled `ci`')).toEqual([[], ['secret', 'ci'], []])
    expect(texts).not.toContain('`file.read File .env` were labelled `secret`')
    expect(after('`file.read File b` were not fully understood')?.operations[2]?.opaque).toBe(true)
    const opaque = changes(request([{ ...CALL, opaque: true }]))
    expect(opaque.after('`tool.call Tool files/x` were fully understood')?.operations[0]?.opaque).toBe(false)
    const without = after('the call did without `file.read File .env`')
    expect(without?.operations.map(({ resource }) => resource.id)).toEqual(['files/x', 'b'])
    expect(without?.facts.outside).toEqual([[], []])
    expect(changes(request([CALL, readFile()])).texts).not.toContain(
      'the call did without `file.read File src/a.ts`',
    )
  })

  test('people, workflows and agents that some policy names, and that are not there yet', () => {
    const { after, texts } = changes(call)
    expect(texts.filter((text) => /the team|the role|the workflow|of kind/.test(text))).toEqual([
      '`ada` had the role `lead`',
      '`ada` were in the team `core`',
      '`ada` were in the team `pay`',
      'the workflow were `docs`',
      'the agent were of kind `bot`',
    ])
    expect(after('`ada` had the role `lead`')?.human).toMatchObject({
      roles: ['developer', 'lead'],
      teams: ['payments'],
    })
    expect(after('`ada` were in the team `pay`')?.human.teams).toEqual(['payments', 'pay'])
    expect(after('the workflow were `docs`')?.chain.task.workflow).toBe('docs')
    expect(after('the agent were of kind `bot`')?.chain.task.agent).toEqual({ id: 'claude-1', kind: 'bot' })
    const there = { ...call, human: { ...call.human, roles: ['lead'], teams: ['pay'] } }
    const docs = { ...there, chain: chain(task({ workflow: 'docs', agent: { id: 'a', kind: 'bot' } })) }
    expect(changes(docs).texts.filter((text) => /the team|the role|the workflow|of kind/.test(text))).toEqual(
      ['`ada` were in the team `core`'],
    )
  })

  test('another hour of the day, another day of the week', () => {
    const { after, texts } = changes(call)
    const times = texts.filter((text) => text.startsWith('it were '))
    expect(times).toHaveLength(28)
    expect(times[0]).toBe('it were 2026-11-22T11:00:00.000Z')
    expect(times.at(-1)).toBe('it were 2026-11-28T10:00:00.000Z')
    expect(after('it were 2026-11-22T11:00:00.000Z')?.facts.now).toBe(Date.UTC(2026, 10, 22, 11))
  })
})

test('R-POL-7: the mildest outcome stands first, and pairs are tried only where no single change helps', () => {
  const rules = compilerOf(`@id("ok") permit (principal, action, resource);
@id("ask") @consent("ci") forbid (principal, action, resource) when { resource.labels.contains("ci") };
@id("no") forbid (principal, action, resource) unless { context.sandboxed };`)()
  const search = (each: DecisionRequest) =>
    findChanges(each, {
      decision: rules.decide(each),
      policies: [],
      decide: (changed) => rules.decide(changed),
    })
  const ci = request([readFile('a', ['ci'])])
  expect(search(ci)).toEqual([
    { text: 'if it ran in a proved sandbox', effect: 'consent', policies: ['ask'] },
  ])
  const twice = request([readFile('a', ['ci'])], { facts: { taskState: 'expired' } })
  expect(search(twice).map(({ text, effect }) => `${effect} ${text}`)).toEqual([
    'consent if it ran in a proved sandbox and `context.taskState` were "active"',
  ])
  const allowed = search(request([readFile()], { facts: { sandboxed: true } }))
  expect(allowed.length).toBe(8)
  expect(allowed.every(({ effect }) => effect !== 'allow')).toBe(true)
})
