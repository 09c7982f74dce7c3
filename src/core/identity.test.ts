import { expect, test } from 'vitest'
import { task } from '../../test/policy/samples.ts'
import { chainState, effectiveEnvironment, ENVIRONMENTS, taskState, type Environment } from './identity.ts'

test.each<readonly [Environment, proved: boolean, Environment]>([
  ['laptop', false, 'laptop'],
  ['sandbox', false, 'laptop'],
  ['ci', false, 'laptop'],
  ['staging', false, 'staging'],
  ['production', false, 'production'],
  ...ENVIRONMENTS.map((environment) => [environment, true, environment] as const),
])('R-ID-1: `%s`, proved: %s, counts as `%s`', (environment, environmentProved, expected) => {
  expect(effectiveEnvironment({ environment, environmentProved })).toBe(expected)
})

const REVOKED = { at: 5, by: 'ada', reason: 'x' }

test('R-ID-3: a task ends when it expires, and a revoked one is revoked even after that', () => {
  expect([9, 10, 11].map((now) => taskState(task({ expires: 10 }), now))).toEqual([
    'active',
    'expired',
    'expired',
  ])
  expect(taskState(task({ expires: 10, revoked: REVOKED }), 1)).toBe('revoked')
  expect(taskState(task({ expires: 10, revoked: REVOKED }), 11)).toBe('revoked')
})

test('R-ID-3: the first task of a chain that is not active decides, from the acting one upwards', () => {
  const [leaf, root] = [task({ id: 'leaf', expires: 10 }), task({ id: 'root', expires: 20 })]
  expect(chainState({ task: leaf, ancestors: [root] }, 5)).toEqual({ state: 'active', task: leaf })
  expect(chainState({ task: leaf, ancestors: [root] }, 15)).toEqual({ state: 'expired', task: leaf })
  const revoked = task({ id: 'root', expires: 20, revoked: REVOKED })
  expect(chainState({ task: leaf, ancestors: [revoked] }, 5)).toEqual({ state: 'revoked', task: revoked })
})
