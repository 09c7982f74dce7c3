import type { Gate, Obligation, Reason } from '../core/decision.ts'
import type { Json } from '../core/json.ts'
import { gateFrom, obligationsFrom, parseSeverity } from './annotations.ts'
import { compileExpression } from './compile-expression.ts'
import { compileScope, type Scope } from './compile-scope.ts'
import {
  annotationsOf,
  listMember,
  looksAtResource,
  malformed,
  member,
  mentions,
  textMember,
  type Est,
} from './est.ts'
import type { Evaluate, Evaluation } from './evaluation.ts'
import type { PolicyInfo } from './policy-set.ts'
import { typeError, UNKNOWN, type UnknownValue } from './values.ts'

export interface CompiledPolicy {
  readonly info: PolicyInfo
  readonly forbids: boolean
  readonly gate: Gate | undefined
  /** What a permit wants done with the result. */
  readonly obligations: readonly Obligation[]
  /** What is told when this policy decides. */
  readonly reason: Reason
  readonly principal: Scope
  readonly action: Scope
  readonly resource: Scope
  /** Its conditions may look at the name of the server or tool. */
  readonly readsTool: boolean
  /** Its conditions may tell one tool of a server from another. */
  readonly tellsToolsApart: boolean
  /**
   * Whether every `when` holds and no `unless` does; the scopes are tested before.
   * @throws RemitError where Cedar's evaluation is an error.
   */
  readonly condition: (evaluation: Evaluation) => boolean | UnknownValue
}

export interface PolicyOrigin {
  readonly id: string
  readonly source: PolicyInfo['source']
  readonly file?: string
}

const TOOL_NAMES: readonly Json[] = ['server', 'tool']

/** @throws RemitError `policy_engine_failed` for a form that this version does not know. */
export function compilePolicy(est: Est, origin: PolicyOrigin): CompiledPolicy {
  const annotations = annotationsOf(est)
  const effect = textMember(est, 'effect')
  if (effect !== 'permit' && effect !== 'forbid') throw malformed(`effect \`${effect}\` is not known`)
  const gate = gateFrom(annotations, origin.id)
  const reason = annotations.get('reason')
  const severity = parseSeverity(annotations.get('severity') ?? '') ?? gate?.severity
  return {
    info: {
      id: origin.id,
      effect,
      ...(reason === undefined ? {} : { reason }),
      ...(gate === undefined ? {} : { consent: gate.scope }),
      ...(severity === undefined ? {} : { severity }),
      ...(annotations.has('always') ? { always: true } : {}),
      source: origin.source,
      ...(origin.file === undefined ? {} : { file: origin.file }),
    },
    forbids: effect === 'forbid',
    gate: effect === 'forbid' ? gate : undefined,
    obligations: effect === 'permit' ? obligationsFrom(annotations) : [],
    reason: { policy: origin.id, text: reason ?? `policy \`${origin.id}\` ${effect}s it` },
    principal: compileScope('principal', member(est, 'principal')),
    action: compileScope('action', member(est, 'action')),
    resource: compileScope('resource', member(est, 'resource')),
    readsTool: mentions(member(est, 'conditions'), TOOL_NAMES),
    tellsToolsApart:
      mentions(member(est, 'conditions'), ['tool']) || looksAtResource(member(est, 'conditions')),
    condition: compileConditions(est),
  }
}

function compileConditions(est: Est): CompiledPolicy['condition'] {
  const clauses = listMember(est, 'conditions').map((clause) => {
    const kind = textMember(clause, 'kind')
    if (kind !== 'when' && kind !== 'unless') throw malformed(`clause \`${kind}\` is not known`)
    return { expected: kind === 'when', evaluate: compileExpression(member(clause, 'body')) }
  })
  const [only] = clauses
  if (only === undefined) return () => true
  if (clauses.length === 1) return (evaluation) => clauseHolds(only, evaluation)
  return (evaluation) => {
    let unknown = false
    for (const clause of clauses) {
      const holds = clauseHolds(clause, evaluation)
      if (holds === UNKNOWN) unknown = true
      else if (holds === false) {
        if (unknown) evaluation.absorbedUnknown = true
        return false
      }
    }
    return unknown ? UNKNOWN : true
  }
}

interface Clause {
  readonly expected: boolean
  readonly evaluate: Evaluate
}

function clauseHolds(clause: Clause, evaluation: Evaluation): boolean | UnknownValue {
  const value = clause.evaluate(evaluation)
  if (typeof value === 'boolean') return value === clause.expected
  if (value === UNKNOWN) return UNKNOWN
  throw typeError('bool', value)
}
