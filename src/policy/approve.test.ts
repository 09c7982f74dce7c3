import { beforeEach, expect, test } from 'vitest'
import { packCompiler } from '../../test/policy/compiled.ts'
import { ADA, approval } from '../../test/policy/samples.ts'
import type { PolicySet } from './policy-set.ts'

const compilePack = packCompiler()
let set: PolicySet
beforeEach(() => {
  set = compilePack()
})

const facts = { now: Date.UTC(2026, 10, 22), alone: false }

test('R-CON-2: the strictest gate of a call says how many eyes it needs', () => {
  const ada = { ...ADA, roles: ['maintainer'] }
  expect(set.mayApprove(ada, approval([{ severity: 'medium', delegator: 'yes' }]), facts).effect).toBe(
    'allow',
  )
  const mixed = approval([
    { delegator: 'yes' },
    { severity: 'high', delegator: 'yes' },
    { severity: 'low', delegator: 'yes' },
  ])
  expect(set.mayApprove(ada, mixed, facts)).toEqual({
    effect: 'deny',
    reason: 'a call of high severity is approved by another human than the one whose task it is',
  })
  expect(set.mayApprove({ ...ada, id: 'grace' as never }, mixed, facts).effect).toBe('allow')
})

test('R-CON-2: a human whom no policy lets approve may not', () => {
  const answer = set.mayApprove(ADA, approval([{}], 'grace'), facts)
  expect(answer.effect).toBe('deny')
  expect(answer.reason).toContain('`ada`')
})

test('R-CON-2: an approval without gates counts as one of high severity, and garbage is refused', () => {
  const ada = { ...ADA, roles: ['approver'] }
  expect(set.mayApprove(ada, approval([]), facts).effect).toBe('deny')
  expect(set.mayApprove(null as never, approval([]), facts).effect).toBe('deny')
})

test.each([
  [undefined, false, 'deny'],
  [undefined, true, 'deny'],
  ['alone', false, 'deny'],
  ['alone', true, 'allow'],
  ['yes', false, 'allow'],
] as const)(
  'R-CON-2: a gate of `@delegator` %s, the delegator alone: %s ▸ %s',
  (delegator, alone, effect) => {
    const maintainer = { ...ADA, roles: ['maintainer'] }
    const gates = [{ scope: 'run', ...(delegator === undefined ? {} : { delegator }) }]
    const own = set.mayApprove(maintainer, approval(gates), { ...facts, alone })
    expect(own.effect).toBe(effect)
    expect(own.reason.includes('`run` is approved by another human')).toBe(effect === 'deny')
    const others = set.mayApprove(maintainer, approval(gates, 'grace'), { ...facts, alone })
    expect(others.effect).toBe('allow')
  },
)
