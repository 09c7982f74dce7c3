import { expect, test } from 'vitest'
import { NO_HISTORY } from '../core/facts.ts'
import { approvalOf, requestOf } from './case-request.ts'

const TEN = Date.UTC(2026, 0, 7, 10)
const LATER = Date.UTC(2026, 4, 1, 12, 30)
const HOUR = 3_600_000

test('R-POL-9: what a case leaves out is ordinary', () => {
  const human = { tenant: 'default', id: 'ada', teams: [], roles: [] }
  expect(requestOf({ operations: [] })).toEqual({
    chain: {
      task: {
        tenant: 'default',
        id: 'tsk_case',
        human: 'ada',
        agent: { id: 'agent', kind: 'claude-code' },
        workflow: 'default',
        intent: 'a policy case',
        scope: {},
        environment: 'laptop',
        environmentProved: false,
        workspace: '/workspace',
        budget: {},
        origin: 'evaluation',
        created: TEN,
        expires: TEN + HOUR,
      },
      ancestors: [],
    },
    human,
    operations: [
      {
        action: 'tool.call',
        resource: { type: 'Tool', id: 'files/any', ancestors: [{ type: 'Server', id: 'files' }] },
        labels: [],
        opaque: false,
        origin: { pointer: '' },
      },
    ],
    facts: {
      now: TEN,
      door: 'mcp',
      kind: 'tool',
      loop: 'none',
      server: 'files',
      tool: 'any',
      pinned: true,
      inferred: false,
      protection: 'advisory',
      environment: 'laptop',
      sandboxed: false,
      holderBound: true,
      hooked: false,
      taskState: 'active',
      budgetExhausted: false,
      history: NO_HISTORY,
      provenance: [],
      approvals: [],
      outside: [[]],
    },
  })
})

test('R-POL-9: what a case says stands', () => {
  const facts = {
    door: 'hook',
    kind: 'prompt',
    loop: 'ask',
    pinned: false,
    inferred: true,
    protection: 'enforced',
    environment: 'ci',
    sandboxed: true,
    holderBound: true,
    hooked: true,
    taskState: 'expired',
    budgetExhausted: true,
    provenance: ['untrusted'],
    approvals: ['ci'],
  } as const
  const task = { agent: 'bot', workflow: 'docs', intent: 'x', environment: 'ci' } as const
  const human = { id: 'eve', teams: ['t'], roles: ['r'] }
  const request = requestOf({
    server: 's',
    tool: 't',
    task: { ...task, human },
    facts: {
      ...facts,
      provenance: [...facts.provenance],
      approvals: [...facts.approvals],
      now: '2026-05-01T12:30:00Z',
      history: { calls: 3, writes: undefined },
    },
    operations: [
      {
        action: 'file.read',
        resource: 'File::"a"',
        in: ['Directory::"d"'],
        labels: ['secret'],
        opaque: true,
        outside: ['paths'],
      },
    ],
  })
  expect(request.facts).toEqual({
    ...facts,
    now: LATER,
    server: 's',
    tool: 't',
    history: { ...NO_HISTORY, calls: 3 },
    outside: [[], ['paths']],
  })
  expect(request.human).toMatchObject(human)
  expect(request.chain.task).toMatchObject({
    human: 'eve',
    agent: { kind: 'bot' },
    workflow: 'docs',
    intent: 'x',
    environment: 'ci',
    environmentProved: true,
    created: LATER,
    expires: LATER + HOUR,
  })
  expect(request.operations.map(({ resource }) => resource)).toEqual([
    { type: 'Tool', id: 's/t', ancestors: [{ type: 'Server', id: 's' }] },
    { type: 'File', id: 'a', ancestors: [{ type: 'Directory', id: 'd' }] },
  ])
  expect(request.operations[1]).toMatchObject({ labels: ['secret'], opaque: true, origin: { pointer: '' } })
})

test.each(['tool.call', 'prompt.get', 'resource.read', 'completion.complete'] as const)(
  'R-POL-9: `%s` is the call itself, and stands alone',
  (action) => {
    const { operations } = requestOf({ operations: [{ action, resource: 'Tool::"s/t"' }] })
    expect(operations.map((operation) => operation.action)).toEqual([action])
  },
)

test('R-POL-9: an entity that is none, or of no type of resource, is refused', () => {
  const asked = (resource: string) => () => requestOf({ operations: [{ action: 'file.read', resource }] })
  expect(asked('File')).toThrow('`File` is no entity; write `Type::"id"`')
  expect(asked('Team::"x"')).toThrow('`Team` is no resource type')
  expect(asked('Team::"x"')).toThrow(expect.objectContaining({ code: 'policy_invalid' }))
  expect(asked('File')).toThrow(expect.objectContaining({ code: 'policy_invalid' }))
})

const APPROVE = { human: { id: 'eve' }, task: 'ada', severity: 'low', alone: true } as const

test('R-POL-9: a case about an approver', () => {
  const { human, approval, facts } = approvalOf(
    { name: 'x', approve: APPROVE, expect: { effect: 'deny' } },
    () => undefined,
  )
  expect(human).toEqual({ tenant: 'default', id: 'eve', teams: [], roles: [] })
  expect(facts).toEqual({ now: TEN, alone: true })
  expect(approval).toMatchObject({ human: 'ada', server: 'files', tool: 'any', state: 'pending', votes: [] })
  expect([approval.created, approval.expires, approval.prompt]).toEqual([TEN, TEN + HOUR, ''])
  expect(approval.gates).toMatchObject([{ scope: 'case', severity: 'low', quorum: 1, timeout: 3600 }])
})

test('R-POL-9: its gates are made up, or those of policies', () => {
  const approve = { ...APPROVE, now: '2026-05-01T12:30:00Z' }
  const ask = (more: object, gateOf = (_id: string): undefined => undefined) =>
    approvalOf({ name: 'x', approve: { ...approve, ...more }, expect: { effect: 'deny' } }, gateOf).approval
  expect(ask({ gates: ['a', 'b'] }).gates.map(({ scope, policy }) => [scope, policy])).toEqual([
    ['a', 'a'],
    ['b', 'b'],
  ])
  expect(ask({}).created).toBe(LATER)
  const gate = { scope: 'ci' } as never
  expect(ask({ policies: ['p'] }, () => gate).gates).toEqual([gate])
  expect(() => ask({ policies: ['p'] })).toThrow('`p` is no policy with `@consent`')
})
