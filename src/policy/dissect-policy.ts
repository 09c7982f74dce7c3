import type { Json } from '../core/json.ts'
import { compileExpression } from './compile-expression.ts'
import { compilePolicy, type CompiledPolicy } from './compile-policy.ts'
import { compileScope, type ScopeVariable } from './compile-scope.ts'
import { asList, entityFromEst, listMember, member, operatorOf, optionalMember, textMember } from './est.ts'
import type { Evaluation } from './evaluation.ts'
import { BUILTIN_PREFIX } from './builtin-policies.ts'
import type { ParsedPolicy } from './parse-job.ts'
import { printExpression } from './print-expression.ts'
import { typeError } from './values.ts'

/** A policy taken apart, for explaining and covering: the same meaning as the compiled one, with its text. */
export interface DissectedPolicy {
  readonly compiled: CompiledPolicy
  readonly parsed: ParsedPolicy
  /** The scopes, then every condition, in the order of evaluation; the policy holds when all of them do. */
  readonly parts: readonly PolicyPart[]
}

export interface PolicyPart {
  readonly kind: ScopeVariable | 'when' | 'unless'
  /** As Cedar text. */
  readonly text: string
  /** Whether it lets the policy hold. @throws RemitError where Cedar's evaluation is an error. */
  readonly holds: (evaluation: Evaluation) => boolean
}

export function dissectPolicy(parsed: ParsedPolicy): DissectedPolicy {
  const { id, file, est } = parsed
  const builtin = id.startsWith(BUILTIN_PREFIX)
  return {
    compiled: compilePolicy(est, builtin ? { id, source: 'builtin' } : { id, source: 'pack', file }),
    parsed,
    parts: [...scopeParts(parsed), ...listMember(est, 'conditions').flatMap(conditionParts)],
  }
}

function scopeParts({ est }: ParsedPolicy): readonly PolicyPart[] {
  return (['principal', 'action', 'resource'] as const).flatMap((kind) => {
    const scope = member(est, kind)
    if (textMember(scope, 'op') === 'All') return []
    const { test } = compileScope(kind, scope)
    return [{ kind, text: scopeText(kind, scope), holds: (evaluation) => test(evaluation) === true }]
  })
}

function scopeText(kind: ScopeVariable, scope: Json): string {
  const operator = textMember(scope, 'op')
  const entity = optionalMember(scope, 'entity')
  if (entity !== undefined) return `${kind} ${operator} ${entityFromEst(entity).toString()}`
  const entities = optionalMember(scope, 'entities')
  if (entities !== undefined) return `${kind} in [${asList(entities).map(entityFromEst).join(', ')}]`
  const inside = optionalMember(scope, 'in')
  const within = inside === undefined ? '' : ` in ${entityFromEst(member(inside, 'entity')).toString()}`
  return `${kind} is ${textMember(scope, 'entity_type')}${within}`
}

/** `when { a && b }` asks for a and for b, `unless { a || b }` for neither: each is a part of its own. */
function conditionParts(clause: Json): readonly PolicyPart[] {
  const kind = textMember(clause, 'kind') === 'when' ? 'when' : 'unless'
  const expected = kind === 'when'
  return operands(expected ? '&&' : '||', member(clause, 'body')).map((expression) => {
    const evaluate = compileExpression(expression)
    return {
      kind,
      text: printExpression(expression),
      holds: (evaluation) => {
        const value = evaluate(evaluation)
        if (typeof value !== 'boolean') throw typeError('bool', value)
        return value === expected
      },
    }
  })
}

function operands(operator: string, expression: Json): readonly Json[] {
  const [own, body] = operatorOf(expression)
  if (own !== operator) return [expression]
  return [...operands(operator, member(body, 'left')), ...operands(operator, member(body, 'right'))]
}
