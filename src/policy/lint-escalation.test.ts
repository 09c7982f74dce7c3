import { expect, test } from 'vitest'
import { escalationProblems } from './lint-escalation.ts'

const of = (annotations: Readonly<Record<string, string>>) =>
  escalationProblems(new Map(Object.entries({ consent: 'ci', consent_by: 'lead', ...annotations }))).map(
    ({ message }) => message,
  )

test('R-CON-2: others may approve later only by a whole rule, another group, before the request ends', () => {
  expect(of({})).toEqual([])
  expect(of({ escalate_to: 'oncall', escalate_after: '10m' })).toEqual([])
  expect(of({ escalate_to: 'oncall' })).toEqual(['`@escalate_to` needs an `@escalate_after`'])
  expect(of({ escalate_after: '10m' })).toEqual(['`@escalate_after` needs an `@escalate_to`'])
  expect(of({ escalate_to: 'lead', escalate_after: '10m' })).toEqual([
    '`@escalate_to` names who may approve already',
  ])
  const late = ['`@escalate_after` is not before the request ends']
  expect(of({ escalate_to: 'oncall', escalate_after: '1h' })).toEqual(late)
  expect(of({ escalate_to: 'oncall', escalate_after: '10m', timeout: '10m' })).toEqual(late)
  expect(of({ escalate_to: 'oncall', escalate_after: '9m', timeout: '10m' })).toEqual([])
  const anybody = new Map([
    ['consent', 'ci'],
    ['escalate_to', 'oncall'],
    ['escalate_after', '10m'],
  ])
  expect(escalationProblems(anybody).map(({ message }) => message)).toEqual([
    '`@escalate_to` needs a `@consent_by`',
  ])
})
