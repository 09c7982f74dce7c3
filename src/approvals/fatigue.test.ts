import { expect, test } from 'vitest'
import { sampleApproval } from '../../test/suites/sample-records.ts'
import type { Approval } from '../core/approval.ts'
import type { HumanId, TaskId } from '../core/ids.ts'
import { fatigueOf } from './fatigue.ts'

const gate = sampleApproval('x').gates[0]!
const root = 'tsk_root' as TaskId
const ada = 'ada' as HumanId

/** One request of each of these rules, answered after so many milliseconds. */
function asked(policies: readonly string[], how: 'yes' | 'no' | 'late' | 'open', after = 1_000): Approval {
  const gates = policies.map((policy) => ({ ...gate, policy, scope: policy, severity: 'low' as const }))
  const base = sampleApproval('apr', { root, gates, created: 0 })
  if (how === 'no') return { ...base, state: 'refused', refusal: { human: ada, at: after, reason: 'no' } }
  const votes = policies.map((scope) => ({ gate: scope, human: ada, at: after }))
  // Approved, and never used.
  if (how === 'yes') return { ...base, state: 'expired', votes }
  return { ...base, state: how === 'late' ? 'expired' : 'pending', votes: votes.slice(1) }
}

const many = (count: number, one: Approval): readonly Approval[] => Array.from({ length: count }, () => one)

test('R-UX-2: counts what people answered by rule and by tree, and how long they took', () => {
  const { all, rules, tasks } = fatigueOf([
    ...many(9, asked(['ci', 'money'], 'yes', 2_000)),
    asked(['ci'], 'no', 60_000),
    asked(['ci', 'money'], 'late'),
    asked(['ci'], 'open'),
    sampleApproval('glass'),
  ])
  expect(all).toMatchObject({ asked: 12, approved: 9, refused: 1, unanswered: 1, other: 1, approveRate: 0.9 })
  expect(all.toDecide).toEqual({ p50: 2_000, p90: 2_000 })
  expect(rules.map(({ policy, asked: count }) => [policy, count])).toEqual([
    ['ci', 12],
    ['money', 10],
  ])
  expect(tasks).toMatchObject([{ task: root, human: 'ada', asked: 12 }])
  expect(fatigueOf([])).toEqual({
    all: { asked: 0, approved: 0, refused: 0, unanswered: 0, other: 0 },
    rules: [],
    tasks: [],
  })
})

test('R-UX-2: proposes to automate beyond 95 % of at least 50 answers, and to deny beyond 80 %', () => {
  const proposed = (yes: number, no: number) =>
    fatigueOf([
      ...many(yes, asked(['r'], 'yes')),
      ...many(no, asked(['r'], 'no')),
      ...many(9, asked(['r'], 'late')),
    ]).rules[0]?.proposal
  expect(proposed(50, 0)).toBe('automate')
  expect(proposed(49, 0)).toBeUndefined()
  expect(proposed(95, 5)).toBeUndefined()
  expect(proposed(96, 4)).toBe('automate')
  expect(proposed(10, 40)).toBeUndefined()
  expect(proposed(9, 41)).toBe('deny')
})
