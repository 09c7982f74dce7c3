import { expect, test } from 'vitest'
import { compilerOf, packCompiler } from '../../test/policy/compiled.ts'
import { visibility } from '../../test/policy/samples.ts'
import type { Facts } from '../core/facts.ts'

const permit = (condition: string) =>
  compilerOf(`@id("p") permit (principal is Task, action, resource) when { ${condition} };`)()

/** Whether two lists that differ in these facts alone may be answered alike. */
function tells(condition: string, over: Partial<Facts>): boolean {
  const set = permit(condition)
  return set.visibilityKey(visibility([])) !== set.visibilityKey(visibility([], over))
}

const { facts } = visibility([])
const MINUTE = { now: facts.now + 60_000 }
const HOUR = { now: facts.now + 3_600_000 }
const DAY = { now: facts.now + 24 * 3_600_000 }
const CALLED = { history: { ...facts.history, calls: 7 } }

test.each<[string, Partial<Facts>, boolean]>([
  ['context.sandboxed', MINUTE, false],
  ['context.sandboxed', CALLED, false],
  ['context.sandboxed', { sandboxed: true }, true],
  ['context.opaque', { taskState: 'halted' }, true],
  ['context.opaque', { budgetExhausted: true }, true],
  ['context.now < datetime("2027-01-01")', MINUTE, true],
  ['context.hour < 7', MINUTE, false],
  ['context.hour < 7', HOUR, true],
  ['context.hour < 7', DAY, false],
  ['context.weekday == 6', HOUR, false],
  ['context.weekday == 6', DAY, true],
  ['context.history.calls > 3', CALLED, true],
  ['context.history.calls > 3', MINUTE, false],
  ['context has history.calls', CALLED, true],
  ['context has now', MINUTE, true],
  ['[context].contains(context)', MINUTE, true],
  ['(if context.opaque then context else context).hour < 7', HOUR, true],
])('R-MCP-2: under `%s`, lists with %j are told apart: %s', (condition, over, told) => {
  expect(tells(condition, over)).toBe(told)
})

test('R-MCP-2: the default pack looks at no clock and no history when it lists', () => {
  const pack = packCompiler()()
  expect(pack.visibilityKey(visibility([], { ...DAY, ...CALLED }))).toBe(pack.visibilityKey(visibility([])))
})
