import type { Action } from '../../core/actions.ts'
import type { Decision, Effect } from '../../core/decision.ts'
import type { RemitError } from '../../core/errors.ts'
import type { Label } from '../../core/labels.ts'
import type { Operation } from '../../core/operation.ts'
import { entityText } from '../../core/resource.ts'
import type { ToolStatus } from './declared-tools.ts'

interface CallName {
  readonly session: string
  readonly id: string
}

export interface DecisionLine extends CallName {
  readonly effect: Effect
  readonly operations: readonly {
    readonly action: Action
    readonly resource: string
    readonly labels: readonly Label[]
    readonly opaque: boolean
  }[]
  readonly policies: readonly string[]
  readonly gates: readonly { readonly scope: string; readonly by?: string }[]
  readonly reasons: readonly string[]
  readonly errors: readonly string[]
  readonly micros: number
}

export interface InspectionLine extends CallName {
  /** Labels that flow into the session; secrets at UTF-16 code units of the result’s text. */
  readonly inspected: {
    readonly labels: readonly Label[]
    readonly secrets: readonly { readonly kind: string; readonly start: number; readonly end: number }[]
    readonly redacted: boolean
  }
}

export interface ToolsLine {
  readonly session: string
  readonly tools: readonly {
    readonly server: string
    readonly name: string
    readonly status: ToolStatus
    readonly visible: boolean
    readonly actions: readonly Action[]
    readonly inferred: boolean
    readonly flags: readonly { readonly kind: string; readonly where: string; readonly text: string }[]
  }[]
}

export interface ErrorLine {
  readonly line: number
  readonly error: { readonly code: string; readonly message: string }
}

/** What one line of the stream is answered with. */
export type OutputLine = DecisionLine | InspectionLine | ToolsLine | ErrorLine

export function decisionLine(
  { session, id }: CallName,
  decided: {
    readonly decision: Decision
    readonly operations: readonly Operation[]
    readonly micros: number
    /** What went wrong beside the evaluation of policies. */
    readonly errors?: readonly string[]
  },
): DecisionLine {
  const { decision, operations, micros, errors = [] } = decided
  return {
    session,
    id,
    effect: decision.effect,
    operations: telling(operations).map(({ action, resource, labels, opaque }) => ({
      action,
      resource: entityText(resource),
      labels,
      opaque,
    })),
    policies: decision.policies,
    gates: decision.gates.map(({ scope, by }) => (by === undefined ? { scope } : { scope, by })),
    reasons: [...new Set(decision.reasons.map(({ text }) => text))],
    errors: [...decision.errors.map(({ policy, message }) => `${policy}: ${message}`), ...errors],
    micros,
  }
}

export function errorLine(line: number, { code, message }: RemitError): ErrorLine {
  return { line, error: { code, message } }
}

/** Without the wrapper that every tool call has, when it says no more than what it wraps. */
function telling(operations: readonly Operation[]): readonly Operation[] {
  const inner = operations.filter(
    ({ action, opaque, labels }) => action !== 'tool.call' || opaque || labels.length > 0,
  )
  return inner.length === 0 ? operations : inner
}
