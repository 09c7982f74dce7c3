import { member } from '../est.ts'
import { Datetime } from '../extensions/datetime.ts'
import { Duration } from '../extensions/duration.ts'
import { isLong, type Long } from '../extensions/long.ts'
import { equals, isUndetermined, typeError, UNKNOWN, type Value } from '../values.ts'
import type { CompileOperator } from './operator.ts'

type Compare = (a: Long, b: Long) => boolean

export const COMPARISON: Readonly<Record<string, CompileOperator>> = {
  '==': equality(true),
  '!=': equality(false),
  '<': ordering((a, b) => a < b),
  '<=': ordering((a, b) => a <= b),
  '>': ordering((a, b) => a > b),
  '>=': ordering((a, b) => a >= b),
}

function equality(expected: boolean): CompileOperator {
  return (body, compile) => {
    const left = compile(member(body, 'left'))
    const right = compile(member(body, 'right'))
    return (evaluation) => {
      const a = left(evaluation)
      const b = right(evaluation)
      if (isUndetermined(a) || isUndetermined(b)) return UNKNOWN
      return equals(a, b) === expected
    }
  }
}

function ordering(compare: Compare): CompileOperator {
  return (body, compile) => {
    const left = compile(member(body, 'left'))
    const right = compile(member(body, 'right'))
    return (evaluation) => {
      const a = left(evaluation)
      const b = right(evaluation)
      if (isLong(a) && isLong(b)) return compare(a, b)
      return compareOthers(a, b, compare)
    }
  }
}

/** Datetimes and durations are ordered too, each among its own kind. */
function compareOthers(a: Value, b: Value, compare: Compare): Value {
  if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN
  if (a instanceof Datetime && b instanceof Datetime) return compare(a.milliseconds, b.milliseconds)
  if (a instanceof Duration && b instanceof Duration) return compare(a.milliseconds, b.milliseconds)
  throw typeError('two values of one ordered type', isLong(a) ? b : a)
}
