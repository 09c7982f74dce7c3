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

/** `decisive` is the value that ends a chain early: false for `&&`, true for `||`. */
function chain(parts: readonly Evaluate[], decisive: boolean): Evaluate {
  const [first, second] = parts
  if (parts.length === 2 && first !== undefined && second !== undefined) {
    return (evaluation) => {
      const left = first(evaluation)
      if (left === decisive) return decisive
      if (left !== !decisive) return slowChain(parts, decisive, evaluation)
      const right = second(evaluation)
      if (typeof right === 'boolean' || right === UNKNOWN) return right
      throw typeError('bool', right)
    }
  }
  return (evaluation) => {
    for (let index = 0; index < parts.length; index++) {
      const value = parts[index]?.(evaluation)
      if (value === decisive) return decisive
      if (value !== !decisive) return slowChain(parts, decisive, evaluation)
    }
    return !decisive
  }
}

/** The chain again from its start, now that an operand was no boolean: an error, or an unknown to look past. */
function slowChain(parts: readonly Evaluate[], decisive: boolean, evaluation: Evaluation): Value {
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

/** Past an unknown operand an error is only possible, never certain. */
function attempt(part: Evaluate, evaluation: Evaluation): Value {
  try {
    const value = part(evaluation)
    return typeof value === 'boolean' ? value : UNKNOWN
  } catch {
    return UNKNOWN
  }
}
