import { expect, test } from 'vitest'
import { alice, byAlice, byMona, mona } from '../../test/support/gate-harness.ts'
import type { TaskId } from '../core/ids.ts'
import type { Actor } from './administration.ts'
import { requireSecondPerson } from './second-person.ts'

const passes = (actor: Actor, author = alice): unknown => {
  try {
    requireSecondPerson(actor, author.id)
    return 'passes'
  } catch (thrown) {
    return (thrown as { code?: unknown }).code
  }
}

test('R-POL-8 R-CON-2: only another maintainer with an approver code agrees to a loosening', () => {
  expect(passes(byMona)).toBe('passes')
  expect(passes(byAlice)).toBe('role_missing')
  expect(passes({ ...byMona, credential: 'stored' })).toBe('role_missing')
  expect(passes({ ...byMona, onlyTask: 'tsk_1' as TaskId })).toBe('role_missing')
  expect(passes(byMona, mona)).toBe('approver_refused')
  expect(passes({ human: { ...mona, roles: ['approver'] }, credential: 'approver' })).toBe('approver_refused')
  expect(passes({ human: { ...alice, roles: ['maintainer'] }, credential: 'approver' })).toBe(
    'approver_refused',
  )
})
