import { expect, test } from 'vitest'
import { HUMANS, parsedOf } from '../../test/policy/compiled.ts'
import { chain, operation, request, task } from '../../test/policy/samples.ts'
import { decisionKeys } from './decision-key.ts'

const READ = operation('file.read', { type: 'File', id: 'a' })

/** Keys of two requests under one more rule. @param when condition of the rule. */
function alike(when: string, [one, other]: readonly [typeof BASE, typeof BASE]): boolean {
  const rule = `@id("r") forbid (principal is Task, action, resource) when { ${when} };`
  const keys = decisionKeys(parsedOf(`${HUMANS.text}\n${rule}`).policies.map(({ est }) => est))
  return keys(one) === keys(other)
}

const BASE = request([READ], {})
const { facts } = BASE
const later = request([READ], { facts: { ...facts, now: facts.now + 3_600_000 * 30 } })
const busy = request([READ], { facts: { ...facts, history: { ...facts.history, calls: 9 } } })
const tainted = request([READ], { facts: { ...facts, history: { ...facts.history, labels: ['untrusted'] } } })
const meant = request([READ], { chain: chain(task({ intent: 'another' })) })
const named = request([READ], { chain: chain(task({ id: 'tsk_other' })) })

test.each([
  ['context.hooked', [later, busy, tainted, meant, named], []],
  ['context.hour == 3', [busy, meant, named], [later]],
  ['context.weekday == 3', [busy, named], [later]],
  ['context.now < datetime("2026-01-01")', [busy], [later]],
  ['context.history.calls > 3', [later, meant], [busy]],
  ['context has history && context.history.labels.contains("untrusted")', [busy], [tainted]],
  ['context.history == context.history', [], [busy, tainted]],
  ['principal.intent like "a*"', [later, named], [meant]],
  ['principal == Task::"tsk_1"', [later, meant], [named]],
  ['[context] == [context]', [], [later, busy, tainted]],
] as const)(
  'R-POL-8: with a rule that reads `%s` calls count as one only where it cannot tell them apart',
  (when, same, apart) => {
    for (const each of same) expect(alike(when, [BASE, each])).toBe(true)
    for (const each of apart) expect(alike(when, [BASE, each])).toBe(false)
  },
)

test('R-POL-8: another operation, label, human, fact of the call or place of the task is another decision', () => {
  const others = [
    request([operation('file.write', { type: 'File', id: 'a' })], {}),
    request([operation('file.read', { type: 'File', id: 'b' })], {}),
    request([operation('file.read', { type: 'File', id: 'a' }, { labels: ['ci'] })], {}),
    request([READ, READ], {}),
    request([READ], { facts: { ...facts, approvals: ['ci'] } }),
    request([READ], { facts: { ...facts, outside: [['paths']] } }),
    request([READ], { chain: chain(task({ environment: 'production' })) }),
    request([READ], { chain: chain(task({}), task({ workflow: 'other' })) }),
    { ...BASE, human: { ...BASE.human, roles: ['maintainer'] } },
  ]
  for (const each of others) expect(alike('context.hooked', [BASE, each])).toBe(false)
})
