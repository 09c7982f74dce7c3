import type { Approval } from '../core/approval.ts'
import type { Severity } from '../core/decision.ts'
import { gravest } from '../core/gravest.ts'
import { openGates } from './machine.ts'

/** What people did with the requests of one rule or one tree of tasks. */
export interface Answers {
  readonly asked: number
  readonly approved: number
  readonly refused: number
  /** Ran out before enough people answered. */
  readonly unanswered: number
  /** Withdrawn, or still open. */
  readonly other: number
  /** Of what was approved or refused; absent = nothing was. */
  readonly approveRate?: number
  /** Milliseconds from the request to the answer that decided it; absent = nothing was decided. */
  readonly toDecide?: { readonly p50: number; readonly p90: number }
}

export interface RuleAnswers extends Answers {
  readonly policy: string
  /** The highest with which it asked. */
  readonly severity: Severity
  /**
   * `automate` = people agree nearly always, so that asking protects nothing and tires them; `deny` = they refuse nearly
   * always. A proposal for whoever writes policies, and nothing else.
   */
  readonly proposal?: 'automate' | 'deny'
}

export interface TaskAnswers extends Answers {
  /** Root of the tree. */
  readonly task: string
  readonly human: string
}

export interface Fatigue {
  readonly all: Answers
  /** Those that asked most come first, as of the trees. */
  readonly rules: readonly RuleAnswers[]
  readonly tasks: readonly TaskAnswers[]
}

/** Answers below which a rate says nothing. */
const ENOUGH = 50
const NEARLY_ALWAYS_APPROVED = 0.95
const MOSTLY_REFUSED = 0.8

/** What requests of agents asked of people; those that people made themselves are left out. */
export function fatigueOf(approvals: readonly Approval[]): Fatigue {
  const asked = approvals.filter(({ root }) => root !== undefined)
  const rules = groupBy(asked, ({ gates }) => new Set(gates.map(({ policy }) => policy)))
  const tasks = groupBy(asked, ({ root, task }) => [root ?? task])
  return {
    all: answersOf(asked),
    rules: mostAsked([...rules].map(([policy, own]) => ruleAnswers(policy, own))),
    tasks: mostAsked(
      [...tasks].map(([task, own]) => ({ task, human: own[0]?.human ?? '', ...answersOf(own) })),
    ),
  }
}

function ruleAnswers(policy: string, own: readonly Approval[]): RuleAnswers {
  const answers = answersOf(own)
  const { approved, refused } = answers
  const decided = approved + refused
  const severity = gravest(own.flatMap(({ gates }) => gates.filter((gate) => gate.policy === policy)))
  const proposal =
    decided < ENOUGH
      ? undefined
      : approved > decided * NEARLY_ALWAYS_APPROVED
        ? 'automate'
        : refused > decided * MOSTLY_REFUSED
          ? 'deny'
          : undefined
  return { policy, severity, ...answers, ...(proposal === undefined ? {} : { proposal }) }
}

function answersOf(own: readonly Approval[]): Answers {
  const counts = { approved: 0, refused: 0, unanswered: 0, other: 0 }
  const times: number[] = []
  for (const approval of own) {
    const { how, at } = answerOf(approval)
    counts[how] += 1
    if (at !== undefined) times.push(Math.max(0, at - approval.created))
  }
  const decided = counts.approved + counts.refused
  times.sort((a, b) => a - b)
  return {
    asked: own.length,
    ...counts,
    ...(decided === 0 ? {} : { approveRate: counts.approved / decided }),
    ...(times.length === 0 ? {} : { toDecide: { p50: part(times, 0.5), p90: part(times, 0.9) } }),
  }
}

/** By the answers and not by the state: what was approved and not used in time was approved. */
function answerOf(approval: Approval): {
  readonly how: 'approved' | 'refused' | 'unanswered' | 'other'
  readonly at?: number
} {
  const { refusal, votes, state } = approval
  if (refusal !== undefined) return { how: 'refused', at: refusal.at }
  if (openGates(approval).length === 0) return { how: 'approved', at: Math.max(...votes.map(({ at }) => at)) }
  return { how: state === 'expired' ? 'unanswered' : 'other' }
}

/** @param sorted not empty. */
function part(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0
}

function groupBy(
  approvals: readonly Approval[],
  keysOf: (approval: Approval) => Iterable<string>,
): ReadonlyMap<string, readonly Approval[]> {
  const groups = new Map<string, Approval[]>()
  for (const approval of approvals)
    for (const key of keysOf(approval)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [approval])
      else group.push(approval)
    }
  return groups
}

function mostAsked<Row extends Answers>(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => b.asked - a.asked)
}
