import { expect, test } from 'vitest'
import { parsedOf } from '../../test/policy/compiled.ts'
import type { PolicyCase } from './case-schema.ts'
import { coverCases } from './cover-cases.ts'
import { dissectPolicy } from './dissect-policy.ts'

const TEXT = `@id("read") permit (principal is Task, action == Action::"file.read", resource)
when { context.pinned && context.hour < 12 }
unless { resource.labels.contains("ci") || context.sandboxed };
@id("never") forbid (principal in Workflow::"nobody", action, resource);
@id("people") permit (principal is Human, action == Action::"approve", resource) when { principal in Role::"lead" };`

const policies = () => parsedOf(TEXT).policies.map(dissectPolicy)

function read(
  more: Partial<Extract<PolicyCase, { operations: unknown }>> = {},
  labels: 'ci'[] = [],
): PolicyCase {
  const operations = [{ action: 'file.read' as const, resource: 'File::"a"', labels }]
  return { name: 'x', operations, expect: { effect: 'allow' }, ...more }
}

function approve(...roles: readonly string[]): PolicyCase {
  const human = { id: 'eve', roles: [...roles] }
  return {
    name: 'x',
    approve: { human, task: 'ada', severity: 'low', alone: false },
    expect: { effect: 'allow' },
  }
}

function gaps(...cases: readonly PolicyCase[]): readonly string[] {
  return coverCases(policies(), cases).gaps.map(
    ({ policy, condition }) =>
      `${policy}${condition === undefined ? '' : ` ${condition.kind} ${condition.text}`}`,
  )
}

const CONDITIONS = [
  'read when context.pinned',
  'read when context.hour < 12',
  'read unless resource.labels.contains("ci")',
  'read unless context.sandboxed',
]

test('R-POL-9: without cases everything of the pack is a gap, and nothing of Remit’s own', () => {
  expect(gaps()).toEqual(['read', ...CONDITIONS, 'never', 'people', 'people when principal in Role::"lead"'])
  const { covered, total, percent, gaps: all } = coverCases(policies(), [])
  expect([covered, total, percent]).toEqual([0, 8, 0])
  expect(all[0]).toEqual({ policy: 'read', file: 'pack.cedar', line: 1 })
  expect(all.at(-1)).toMatchObject({ policy: 'people', file: 'pack.cedar', line: 5 })
})

test('R-POL-9: a policy is covered when it holds, a condition when it is the one that stops it', () => {
  expect(gaps(read(), approve('lead'))).toEqual([
    ...CONDITIONS,
    'never',
    'people when principal in Role::"lead"',
  ])
  expect(gaps(read({ facts: { pinned: false } }))).not.toContain(CONDITIONS[0])
  // The first part that fails is the one that stops it: the hour is not reached here.
  const both = read({ facts: { pinned: false, now: '2026-01-07T13:00:00Z' } })
  expect(gaps(both)).toContain(CONDITIONS[1])
  expect(gaps(read({ facts: { now: '2026-01-07T13:00:00Z' } }))).not.toContain(CONDITIONS[1])
  expect(gaps(read({}, ['ci']))).not.toContain(CONDITIONS[2])
  expect(gaps(read({ facts: { sandboxed: true } }))).not.toContain(CONDITIONS[3])
  expect(gaps(approve())).toEqual(['read', ...CONDITIONS, 'never', 'people'])
})

test('R-POL-9: the share is rounded down, and 100 of nothing', () => {
  const { covered, total, percent } = coverCases(policies(), [read(), approve('lead'), approve()])
  expect([covered, total, percent]).toEqual([3, 8, 37])
  expect(coverCases([], [])).toEqual({ covered: 0, total: 0, percent: 100, gaps: [] })
})

test('R-POL-9: a case that cannot be run covers nothing, and breaks nothing', () => {
  const broken = read({ operations: [{ action: 'file.read', resource: 'nothing' }] })
  expect(gaps(broken, read())).toEqual(gaps(read()))
})
