import { describe, expect, test } from 'vitest'
import { chain, FACTS, operation, task } from '../../test/policy/samples.ts'
import type { Facts } from '../core/facts.ts'
import { approveContext, callContext, CONTEXT_SHAPE, listContext, operationContext } from './context.ts'
import { actionUid, chainEntities, RequestEntities, resourceEntity } from './entities.ts'
import type { Entity } from './evaluation.ts'
import { valueText } from './trace-facts.ts'
import { EntityUid, type CedarRecord } from './values.ts'

const HUMAN = { tenant: 'default', id: 'ada', teams: ['pay'], roles: ['lead'] } as never

function shown({ uid, attributes, ancestors }: Entity): readonly string[] {
  return [String(uid), valueText(attributes), ...ancestors.map(String)]
}

describe('R-ID-1: the entities of a request', () => {
  test('tasks first, nearest first, with how deep each stands; then the human and the agents', () => {
    const child = task({ id: 'c', parent: 'p', workflow: 'w', environment: 'sandbox' })
    const parent = task({ id: 'p', agent: { id: 'boss', kind: 'codex' } })
    expect(chainEntities(chain(child, parent), HUMAN).map(shown)).toEqual([
      [
        'Task::"c"',
        '{agent: Agent::"claude-1", depth: 1, environment: "laptop", human: Human::"ada", intent: "fix the failing test", origin: "human-session", parent: Task::"p", workflow: "w"}',
        'Workflow::"w"',
        'AgentKind::"claude-code"',
      ],
      [
        'Task::"p"',
        '{agent: Agent::"boss", depth: 0, environment: "laptop", human: Human::"ada", intent: "fix the failing test", origin: "human-session", workflow: "fix-tests"}',
        'Workflow::"fix-tests"',
        'AgentKind::"codex"',
      ],
      ['Human::"ada"', '{id: "ada"}', 'Team::"pay"', 'Role::"lead"'],
      ['Agent::"claude-1"', '{id: "claude-1"}', 'AgentKind::"claude-code"'],
      ['Agent::"boss"', '{id: "boss"}', 'AgentKind::"codex"'],
    ])
  })

  test('a resource with what lies above it', () => {
    const file = { type: 'File', id: 'a', ancestors: [{ type: 'Directory', id: 'd' }] }
    expect(shown(resourceEntity(file, ['ci']))).toEqual([
      'File::"a"',
      '{labels: ["ci"], name: "a"}',
      'Directory::"d"',
    ])
    expect(shown(resourceEntity(file, undefined))[1]).toBe('{labels: unknown, name: "a"}')
  })

  test('nothing else exists but the actions with their groups', () => {
    const first = resourceEntity({ type: 'File', id: 'a', ancestors: [] }, [])
    const entities = new RequestEntities(chainEntities(chain(), HUMAN), first)
    const find = (type: string, id: string) => entities.find(new EntityUid(type, id))
    expect(find('File', 'a')).toBe(first)
    expect(find('Human', 'ada')?.uid.id).toBe('ada')
    expect(find('Agent', 'claude-1')?.uid.type).toBe('Agent')
    expect(find('Human', 'eve')).toBeUndefined()
    expect(find('Action', 'git.delete')?.ancestors.map(String)).toEqual([
      'Action::"write"',
      'Action::"destructive"',
    ])
    expect([find('Action', 'no.such'), find('File', 'file.read'), find('Action', '__proto__')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    const second = resourceEntity({ type: 'File', id: 'b', ancestors: [] }, [])
    entities.setResource(second)
    expect([find('File', 'a'), find('File', 'b')]).toEqual([undefined, second])
  })

  test('an action is one entity however often it is named', () => {
    expect(actionUid('file.read')).toBe(actionUid('file.read'))
    expect(String(actionUid('no.such' as never))).toBe('Action::"no.such"')
  })
})

/** Attribute by attribute. */
function attributes(record: CedarRecord): Record<string, string> {
  return Object.fromEntries(
    CONTEXT_SHAPE.names.flatMap((name) => {
      const value = record.get(name)
      return value === undefined ? [] : [[name, valueText(value)]]
    }),
  )
}

describe('R-POL-3: the context', () => {
  const facts: Facts = { ...FACTS, outside: [], approvals: ['ci'], server: 's', tool: 't', hooked: true }

  test('of an operation: the facts of the call, and its own', () => {
    const read = operation('file.read', { id: 'a' }, { labels: ['ci'], opaque: true })
    const write = operation('file.write', { id: 'b' }, { labels: ['auth'] })
    const both = attributes(operationContext(callContext(facts, [read, write]), read, ['paths']))
    expect(both).toMatchObject({
      approvals: '["ci"]',
      callLabels: '["ci", "auth"]',
      opaque: 'true',
      outside: '["paths"]',
      server: '"s"',
      tool: '"t"',
      hooked: 'true',
      holderBound: 'true',
      history: '{calls: 0, consents: 0, denials: 0, errors: 0, labels: [], writes: 0}',
    })
    expect(attributes(operationContext(callContext(facts, [write]), write, []))).toMatchObject({
      callLabels: '["auth"]',
      opaque: 'false',
      outside: '[]',
    })
  })

  test('of a list: what only a call shows is unknown', () => {
    const named = attributes(listContext(facts, { server: 's', tool: undefined }))
    const unknown = Object.keys(named).filter((name) => named[name] === 'unknown')
    expect(unknown).toEqual(expect.arrayContaining(['approvals', 'callLabels', 'opaque', 'outside', 'tool']))
    expect([named['server'], named['budgetExhausted']]).toEqual(['"s"', 'false'])
    expect(listContext(facts, { server: 's', tool: 't' }).partial).toBe(true)
  })

  test.each([
    ['1970-01-01T00:00:00Z', 0, 4],
    ['2026-11-22T10:59:59Z', 10, 7],
    ['2026-11-23T23:00:00Z', 23, 1],
    ['2026-11-28T00:00:00Z', 0, 6],
  ])('of an approval, and of every call: %s is hour %s of weekday %s', (text, hour, weekday) => {
    const now = Date.parse(text)
    const context = approveContext(now)
    expect([context.get('hour'), context.get('weekday')]).toEqual([hour, weekday])
    const call = operationContext(callContext({ ...facts, now }, []), operation('file.read', { id: 'a' }), [])
    expect([call.get('hour'), call.get('weekday')]).toEqual([hour, weekday])
    expect(valueText(context.get('now') ?? '')).toBe(`datetime("${new Date(now).toISOString()}")`)
  })
})
