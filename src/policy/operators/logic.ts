import type { Json } from '../../core/json.ts'
import { member, operatorOf } from '../est.ts'
import type { Evaluate, Evaluation } from '../evaluation.ts'
import { typeError, UNKNOWN, type Value } from '../values.ts'
import type { CompileOperator } from './operator.ts'

export const LOGIC: Readonly<Record<string, CompileOperator>> = {
  '&&': (body, compile) => chain(operands('&&', body).map(compile), false),
  '||': (body, compile) => chain(operands('||', body).map(compile), true),
  '!': (body, compile) => {
    const argument = compile(member(body, 'arg'))
    return (evaluation) => {
      const value = argument(evaluation)
      if (typeof value === 'boolean') return !value
      if (value === UNKNOWN) return UNKNOWN
      throw typeError('bool', value)
    }
  },
  'if-then-else': (body, compile) => {
    const condition = compile(member(body, 'if'))
    const then = compile(member(body, 'then'))
    const otherwise = compile(member(body, 'else'))
    return (evaluation) => {
      const value = condition(evaluation)
      if (value === true) return then(evaluation)
      if (value === false) return otherwise(evaluation)
      if (value === UNKNOWN) return UNKNOWN
      throw typeError('bool', value)
    }
  },
}

/** `a && b && c`, which nests to the left, as the flat list of its operands. */
function operands(operator: string, body: Json): readonly Json[] {
  const rights = [member(body, 'right')]
  let left = member(body, 'left')
  while (operatorOf(left)[0] === operator) {
    const inner = operatorOf(left)[1]
    rights.push(member(inner, 'right'))
    left = member(inner, 'left')
  }
  return [left, ...rights.toReversed()]
}

/**
 * `decisive` is the value that ends a chain early: false for `&&`, true for `||`. An unknown operand is looked past,
 * since a later one may decide all the same.
 */
function chain(parts: readonly Evaluate[], decisive: boolean): Evaluate {
  return (evaluation) => {
    let unknown = false
    for (const part of parts) {
      const value = unknown ? attempt(part, evaluation) : part(evaluation)
      if (value === decisive) {
        if (unknown) evaluation.absorbedUnknown = true
        return decisive
      }
      if (value === UNKNOWN) unknown = true
      else if (typeof value !== 'boolean') throw typeError('bool', value)
    }
    return unknown ? UNKNOWN : !decisive
  }
}

/** Past an unknown operand an error is only possible, never certain. */
function attempt(part: Evaluate, evaluation: Evaluation): Value {
  try {
    const value = part(evaluation)
    return typeof value === 'boolean' ? value : UNKNOWN
  } catch {
    return UNKNOWN
  }
}
