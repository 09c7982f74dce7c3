import type { Fatigue } from '../../approvals/fatigue.ts'
import type { Approval } from '../../core/approval.ts'
import type { Severity } from '../../core/decision.ts'
import { type Finding, MOST_RECORDS } from './review-item.ts'

/** Milliseconds within which nobody reads a request. */
const QUICK: Readonly<Record<Severity, number>> = { low: 2_000, medium: 5_000, high: 15_000 }
/** Refusals of the same tree of tasks before one that was approved. */
const MANY_REFUSALS = 3

const WORDS = {
  quick: 'approved faster than it can be read',
  alone: 'of high or medium severity, approved by nobody but the human whose task it is',
  broad: 'approved for the rest of the task',
  'worn-down': `approved after ${MANY_REFUSALS} or more refusals of the same task`,
  high: 'of high severity, approved',
} as const
type Why = keyof typeof WORDS

/** Approvals that are worth a second look, by why and by rule. @param approvals in any order; what people asked of people too. */
export function secondLooks(approvals: readonly Approval[]): readonly Finding[] {
  const found = new Map<
    string,
    { why: Why; policy: string; count: number; last: number; records: string[] }
  >()
  const refusals = refusalTimes(approvals)
  for (const approval of approvals) {
    if (approval.votes.length === 0 || approval.refusal !== undefined || approval.state === 'cancelled')
      continue
    const last = Math.max(...approval.votes.map(({ at }) => at))
    for (const why of whysOf(approval, refusals)) {
      for (const policy of new Set(approval.gates.map((gate) => gate.policy))) {
        const key = `${why} ${policy}`
        const known = found.get(key) ?? { why, policy, count: 0, last: 0, records: [] }
        known.count += 1
        known.last = Math.max(known.last, last)
        if (known.records.length < MOST_RECORDS) known.records.push(approval.id)
        found.set(key, known)
      }
    }
  }
  return [...found.entries()]
    .map(([key, { why, policy, count, last, records }]): Finding => ({
      section: 'second-look',
      key,
      says: `${count} × ${WORDS[why]} (rule \`${policy}\`)`,
      count,
      last,
      records,
    }))
    .toSorted((a, b) => b.count - a.count)
}

function whysOf(approval: Approval, refusals: ReadonlyMap<string, readonly number[]>): readonly Why[] {
  const { gates, votes, created, human, root, task } = approval
  const severities = new Set(gates.map(({ severity }) => severity))
  const gravest = severities.has('high') ? 'high' : severities.has('medium') ? 'medium' : 'low'
  const first = Math.min(...votes.map(({ at }) => at))
  const before = (refusals.get(root ?? task) ?? []).filter((at) => at < first).length
  return [
    ...(first - created < QUICK[gravest] ? (['quick'] as const) : []),
    ...(gravest !== 'low' && votes.every((vote) => vote.human === human) ? (['alone'] as const) : []),
    ...(votes.some(({ grant }) => grant === 'task') ? (['broad'] as const) : []),
    ...(before >= MANY_REFUSALS ? (['worn-down'] as const) : []),
    ...(gravest === 'high' ? (['high'] as const) : []),
  ]
}

function refusalTimes(approvals: readonly Approval[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>()
  for (const { refusal, root, task } of approvals) {
    if (refusal === undefined) continue
    const of = root ?? task
    times.set(of, [...(times.get(of) ?? []), refusal.at])
  }
  return times
}

/** Gates that people answer alike, as the report on fatigue finds them. */
export function answeredAlike({ rules }: Pick<Fatigue, 'rules'>): readonly Finding[] {
  return rules.flatMap(({ policy, proposal, asked, approved, refused }): readonly Finding[] =>
    proposal === undefined
      ? []
      : [
          {
            section: 'answered-alike',
            key: policy,
            says:
              proposal === 'automate'
                ? `\`${policy}\` was approved in ${approved} of ${approved + refused} answers: a rule could permit it`
                : `\`${policy}\` was refused in ${refused} of ${approved + refused} answers: a rule could forbid it`,
            count: asked,
            records: [],
          },
        ],
  )
}
