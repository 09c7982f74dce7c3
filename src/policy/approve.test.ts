import { beforeEach, expect, test } from 'vitest'
import { packCompiler } from '../../test/policy/compiled.ts'
import { ADA, approval } from '../../test/policy/samples.ts'
import type { PolicySet } from './policy-set.ts'

const compilePack = packCompiler()
let set: PolicySet
beforeEach(() => {
  set = compilePack()
})

const now = Date.UTC(2026, 10, 22)

test('R-CON-2: the strictest gate of a call says how many eyes it needs', () => {
  const ada = { ...ADA, roles: ['maintainer'] }
  expect(set.mayApprove(ada, approval([{ severity: 'medium' }]), now).effect).toBe('allow')
  const mixed = approval([{ severity: 'medium' }, { severity: 'high' }, { severity: 'low' }])
  expect(set.mayApprove(ada, mixed, now)).toEqual({
    effect: 'deny',
    reason: 'a call of high severity is approved by another human than the one whose task it is',
  })
  expect(set.mayApprove({ ...ada, id: 'grace' as never }, mixed, now).effect).toBe('allow')
})

test('R-CON-2: a human whom no policy lets approve may not', () => {
  const answer = set.mayApprove(ADA, approval([{}], 'grace'), now)
  expect(answer.effect).toBe('deny')
  expect(answer.reason).toContain('`ada`')
})

test('R-CON-2: an approval without gates counts as one of high severity, and garbage is refused', () => {
  const ada = { ...ADA, roles: ['approver'] }
  expect(set.mayApprove(ada, approval([]), now).effect).toBe('deny')
  expect(set.mayApprove(null as never, approval([]), now).effect).toBe('deny')
})
