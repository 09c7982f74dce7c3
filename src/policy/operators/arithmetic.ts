import { member } from '../est.ts'
import { addLongs, isLong, multiplyLongs, subtractLongs, type Long } from '../extensions/long.ts'
import { typeError, UNKNOWN } from '../values.ts'
import type { CompileOperator } from './operator.ts'

export const ARITHMETIC: Readonly<Record<string, CompileOperator>> = {
  '+': binary((a, b) => addLongs(a, b)),
  '-': binary((a, b) => subtractLongs(a, b)),
  '*': binary(multiplyLongs),
  neg: (body, compile) => {
    const argument = compile(member(body, 'arg'))
    return (evaluation) => {
      const value = argument(evaluation)
      if (isLong(value)) return subtractLongs(0, value)
      if (value === UNKNOWN) return UNKNOWN
      throw typeError('long', value)
    }
  },
}

function binary(operate: (a: Long, b: Long) => Long): CompileOperator {
  return (body, compile) => {
    const left = compile(member(body, 'left'))
    const right = compile(member(body, 'right'))
    return (evaluation) => {
      const a = left(evaluation)
      const b = right(evaluation)
      if (isLong(a) && isLong(b)) return operate(a, b)
      if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN
      throw typeError('long', isLong(a) ? b : a)
    }
  }
}
