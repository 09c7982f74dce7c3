import type { Gate } from '../core/decision.ts'
import { approvalOf, requestOf } from './case-request.ts'
import type { PolicyCase } from './case-schema.ts'
import { approveEvaluation } from './approve.ts'
import type { DissectedPolicy, PolicyPart } from './dissect-policy.ts'
import type { Evaluation } from './evaluation.ts'
import { evaluationsOf } from './request-evaluations.ts'

/** What cases exercise of the policies of packs. Remit's own are not counted. */
export interface Coverage {
  readonly covered: number
  readonly total: number
  /** Rounded down, so that 100 means everything. */
  readonly percent: number
  readonly gaps: readonly CoverageGap[]
}

/** Something that no case exercises: a policy that never holds, or a condition that never stops one. */
export interface CoverageGap {
  readonly policy: string
  readonly file: string
  readonly line: number
  /** Absent = the policy as a whole never holds. */
  readonly condition?: { readonly kind: string; readonly text: string }
}

/**
 * Counts one for every policy that holds in some case, and one for every condition that in some case is the
 * one that keeps its policy from holding.
 */
export function coverCases(policies: readonly DissectedPolicy[], cases: readonly PolicyCase[]): Coverage {
  const own = policies.filter(({ compiled }) => compiled.info.source === 'pack')
  const gates = new Map(policies.map(({ compiled }) => [compiled.info.id, compiled.gate]))
  const evaluations = cases.flatMap((each) => evaluationsOfCase(each, (id) => gates.get(id)))
  const gaps = own.flatMap((policy) => gapsOf(policy, evaluations))
  const total = own.reduce((sum, { parts }) => sum + 1 + parts.filter(isCondition).length, 0)
  const covered = total - gaps.length
  return { covered, total, percent: total === 0 ? 100 : Math.floor((100 * covered) / total), gaps }
}

function evaluationsOfCase(
  each: PolicyCase,
  gateOf: (policy: string) => Gate | undefined,
): readonly Evaluation[] {
  try {
    if (!('approve' in each)) return evaluationsOf(requestOf(each)).map(({ evaluation }) => evaluation)
    const { human, ...request } = approvalOf(each, gateOf)
    return [approveEvaluation(human, request).evaluation]
  } catch {
    // A case that cannot be run fails when it is run, and covers nothing.
    return []
  }
}

function isCondition({ kind }: PolicyPart): boolean {
  return kind === 'when' || kind === 'unless'
}

function gapsOf(
  { parsed, parts }: DissectedPolicy,
  evaluations: readonly Evaluation[],
): readonly CoverageGap[] {
  let held = false
  const stopped = new Set<PolicyPart>()
  for (const evaluation of evaluations) {
    const first = parts.find((part) => !holds(part, evaluation))
    if (first === undefined) held = true
    else stopped.add(first)
  }
  const { id: policy, file, line } = parsed
  const unmet = parts.filter((part) => isCondition(part) && !stopped.has(part))
  return [
    ...(held ? [] : [{ policy, file, line }]),
    ...unmet.map(({ kind, text }) => ({ policy, file, line, condition: { kind, text } })),
  ]
}

function holds(part: PolicyPart, evaluation: Evaluation): boolean {
  try {
    return part.holds(evaluation)
  } catch {
    return false
  }
}
