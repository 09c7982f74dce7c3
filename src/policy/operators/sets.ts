import { asList, member } from '../est.ts'
import { CedarSet, isUndetermined, typeError, UNKNOWN, type Value } from '../values.ts'
import type { CompileOperator } from './operator.ts'

export const SETS: Readonly<Record<string, CompileOperator>> = {
  Set: (body, compile) => {
    const members = asList(body).map(compile)
    return (evaluation) => {
      const items = members.map((evaluate) => evaluate(evaluation))
      return items.some(isUndetermined) ? UNKNOWN : new CedarSet(items)
    }
  },
  contains: (body, compile) => {
    const left = compile(member(body, 'left'))
    const right = compile(member(body, 'right'))
    return (evaluation) => {
      const set = left(evaluation)
      const item = right(evaluation)
      if (set instanceof CedarSet && !isUndetermined(item)) return set.has(item)
      if (set instanceof CedarSet || set === UNKNOWN) return UNKNOWN
      throw typeError('set', set)
    }
  },
  containsAll: comparison((set, items) => items.items.every((item) => set.has(item))),
  containsAny: comparison((set, items) => items.items.some((item) => set.has(item))),
  isEmpty: (body, compile) => {
    const argument = compile(member(body, 'arg'))
    return (evaluation) => {
      const set = argument(evaluation)
      if (set instanceof CedarSet) return set.items.length === 0
      if (set === UNKNOWN) return UNKNOWN
      throw typeError('set', set)
    }
  },
}

function comparison(compare: (a: CedarSet, b: CedarSet) => boolean): CompileOperator {
  return (body, compile) => {
    const left = compile(member(body, 'left'))
    const right = compile(member(body, 'right'))
    return (evaluation) => {
      const a = left(evaluation)
      const b = right(evaluation)
      if (a instanceof CedarSet && b instanceof CedarSet) return compare(a, b)
      if (isSetOrUnknown(a) && isSetOrUnknown(b)) return UNKNOWN
      throw typeError('set', isSetOrUnknown(a) ? b : a)
    }
  }
}

function isSetOrUnknown(value: Value): boolean {
  return value instanceof CedarSet || value === UNKNOWN
}
