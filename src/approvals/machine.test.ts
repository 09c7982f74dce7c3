import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Approval, ApprovalState } from '../core/approval.ts'
import type { Effect, Gate } from '../core/decision.ts'
import type { ApprovalId, DecisionId, Digest, HumanId, ServerKey, TaskId, TenantId } from '../core/ids.ts'
import type { Human, Task } from '../core/identity.ts'
import { callDigest, type DigestedCall } from './call-digest.ts'
import { cancel, expireIfDue, isGranted, openGates, refuse, requestApproval, use, vote } from './machine.ts'
import { closableGates } from './who-may.ts'

const maria = 'maria' as HumanId
const tom = 'tom' as HumanId

function gate(scope: string, more: Partial<Gate> = {}): Gate {
  return { scope, quorum: 1, severity: 'medium', timeout: 60, policy: `p-${scope}`, reason: 'r', ...more }
}

function pending(gates: readonly Gate[] = [gate('ci')]): Approval {
  return requestApproval({
    id: 'apr_1' as ApprovalId,
    task: { tenant: 'default', id: 'tsk_1' as TaskId, human: maria } as Task,
    call: { server: 'fs' as ServerKey, tool: 'write_file', digest: 'd' as Digest },
    decision: 'dec_1' as DecisionId,
    gates,
    prompt: 'text',
    now: 1000,
    expires: 2000,
  })
}

function inState(state: ApprovalState): Approval {
  return { ...pending(), state }
}

const ALL: readonly ApprovalState[] = ['pending', 'granted', 'refused', 'expired', 'cancelled', 'used']

const steps: Record<
  string,
  { run: (approval: Approval) => Approval; from: ApprovalState[]; to: ApprovalState }
> = {
  vote: {
    run: (one) => vote(one, { gates: ['ci'], human: tom, at: 1500 }),
    from: ['pending'],
    to: 'granted',
  },
  refuse: {
    run: (one) => refuse(one, { human: tom, at: 1500, reason: 'no' }),
    from: ['pending'],
    to: 'refused',
  },
  cancel: { run: (one) => cancel(one), from: ['pending', 'granted'], to: 'cancelled' },
  use: { run: (one) => use(one, 1500), from: ['granted'], to: 'used' },
}

describe('R-CON-3: the life of an approval', () => {
  const table = Object.entries(steps).flatMap(([name, step]) => ALL.map((state) => ({ name, state, step })))

  test.each(table)('$name on one that is $state', ({ state, step }) => {
    const attempt = () => step.run(inState(state)).state
    const outcome = ((): string => {
      try {
        return attempt()
      } catch (thrown) {
        return (thrown as { code: string }).code
      }
    })()
    expect(outcome).toBe(step.from.includes(state) ? step.to : 'approval_closed')
  })

  test.each(ALL)('time makes one that is %s only ever less', (state) => {
    const ends = state === 'pending' || state === 'granted' ? 'expired' : state
    expect(expireIfDue(inState(state), 1999).state).toBe(state)
    expect(expireIfDue(inState(state), 2000).state).toBe(ends)
    expect(isGranted(inState(state), 1999)).toBe(state === 'granted')
    expect(isGranted(inState(state), 2000)).toBe(false)
  })

  test('after the time nothing can be decided, and a grant cannot be used', () => {
    expect(() => vote(pending(), { gates: ['ci'], human: tom, at: 2000 })).toThrow(/is expired/)
    expect(() => refuse(pending(), { human: tom, at: 2000, reason: '' })).toThrow(/is expired/)
    expect(() => use(inState('granted'), 2000)).toThrow(/is expired/)
  })

  test('a request that needs nobody is not a request', () => {
    expect(() => pending([])).toThrow(/needs nobody/)
    expect(() => pending([gate('ci', { quorum: 0 })])).toThrow(/needs nobody/)
    expect(() => pending([gate('ci', { quorum: Number.NaN })])).toThrow(/needs nobody/)
  })
})

describe('R-CON-2: who agrees, and how many', () => {
  test('every gate needs its quorum of different humans', () => {
    const start = pending([gate('ci', { quorum: 2 }), gate('prod')])
    const first = vote(start, {
      gates: ['ci', 'ci', 'prod', 'unknown'],
      human: maria,
      at: 1100,
      comment: 'fine',
    })
    expect(first).toMatchObject({
      state: 'pending',
      votes: [{ gate: 'ci' }, { gate: 'prod', comment: 'fine' }],
    })
    expect(openGates(first)).toMatchObject([{ gate: { scope: 'ci' }, votes: 1 }])
    expect(() => vote(first, { gates: ['ci', 'prod'], human: maria, at: 1200 })).toThrow(/no vote left/)
    expect(() => vote(first, { gates: ['unknown'], human: tom, at: 1200 })).toThrow(/no vote left/)
    const second = vote(first, { gates: ['ci'], human: tom, at: 1200 })
    expect(second.state).toBe('granted')
    expect(second.votes.map((one) => one.human)).toEqual([maria, maria, tom])
  })

  const human = (roles: string[], teams: string[] = [], tenant = 'default'): Human => ({
    tenant: tenant as TenantId,
    id: tom,
    roles,
    teams,
  })
  const says = (effect: Effect) => () => ({ effect, reason: '' })
  const two = pending([gate('ci', { by: 'maintainer' }), gate('prod', { by: 'security' }), gate('any')])

  test('a gate opens to its role or team, and only when policy says allow', () => {
    expect(closableGates(two, human(['maintainer']), says('allow'))).toEqual(['ci', 'any'])
    expect(closableGates(two, human([], ['security']), says('allow'))).toEqual(['prod', 'any'])
    expect(closableGates(two, human(['maintainer']), says('deny'))).toEqual([])
    expect(closableGates(two, human(['maintainer']), says('consent'))).toEqual([])
    expect(closableGates(two, human(['maintainer'], [], 'other'), says('allow'))).toEqual([])
  })

  test('each gate is asked about apart, with nothing of the others', () => {
    const asked: string[] = []
    const closed = closableGates(two, human(['maintainer', 'security']), (_, { gates }) => {
      asked.push(gates.map((one) => one.scope).join('+'))
      return { effect: gates[0]?.scope === 'prod' ? 'deny' : 'allow', reason: '' }
    })
    expect(asked).toEqual(['ci', 'prod', 'any'])
    expect(closed).toEqual(['ci', 'any'])
  })

  test('where two rules share a scope, both must be satisfied', () => {
    const shared = pending([gate('x', { by: 'a' }), gate('x', { by: 'b' })])
    expect(closableGates(shared, human(['a']), says('allow'))).toEqual([])
    expect(closableGates(shared, human(['a', 'b']), says('allow'))).toEqual(['x'])
  })
})

describe('R-CON-3: the digest of a call', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex') as Digest
  const call: DigestedCall = {
    tenant: 'default' as TenantId,
    task: 'tsk_1' as TaskId,
    server: 'fs' as ServerKey,
    kind: 'tool',
    tool: 'write_file',
    definition: 'def' as Digest,
    arguments: { path: 'a', content: 'b' },
  }
  const base = callDigest(call, sha256)

  test('does not depend on the order of members', () => {
    expect(callDigest({ ...call, arguments: { content: 'b', path: 'a' } }, sha256)).toBe(base)
  })

  test.each([
    ['tenant', { tenant: 'x' }],
    ['task', { task: 'x' }],
    ['server', { server: 'x' }],
    ['kind', { kind: 'prompt' }],
    ['tool', { tool: 'x' }],
    ['definition', { definition: 'x' }],
    ['definition', { definition: undefined }],
    ['arguments', { arguments: { path: 'a', content: 'b ' } }],
    ['arguments', { arguments: { path: 'a', content: 'b', extra: null } }],
  ])('changes with its %s', (_, change) => {
    expect(callDigest({ ...call, ...(change as object) }, sha256)).not.toBe(base)
  })
})
