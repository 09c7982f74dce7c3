import type { Json } from '../../core/json.ts'
import { listMember, member, textMember } from '../est.ts'
import { typeError, UNKNOWN } from '../values.ts'
import type { CompileOperator } from './operator.ts'

const WILDCARD = Symbol('wildcard')
type PatternPart = string | typeof WILDCARD

export const LIKE: Readonly<Record<string, CompileOperator>> = {
  like: (body, compile) => {
    const left = compile(member(body, 'left'))
    const matches = compilePattern(listMember(body, 'pattern').map(patternPart))
    return (evaluation) => {
      const text = left(evaluation)
      if (typeof text === 'string') return matches(text)
      if (text === UNKNOWN) return UNKNOWN
      throw typeError('string', text)
    }
  },
}

function patternPart(part: Json): PatternPart {
  return part === 'Wildcard' ? WILDCARD : textMember(part, 'Literal')
}

/** The literal runs between wildcards, found one after the other: linear time, no back-tracking over runs. */
function compilePattern(parts: readonly PatternPart[]): (text: string) => boolean {
  const runs = ['']
  for (const part of parts) {
    if (part === WILDCARD) runs.push('')
    else runs[runs.length - 1] += part
  }
  const [first = '', ...others] = runs
  const last = others.pop()
  if (last === undefined) return (text) => text === first
  return (text) => {
    if (text.length < first.length + last.length) return false
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    const end = text.length - last.length
    let from = first.length
    for (const run of others) {
      const found = text.indexOf(run, from)
      if (found < 0 || found + run.length > end) return false
      from = found + run.length
    }
    return true
  }
}
