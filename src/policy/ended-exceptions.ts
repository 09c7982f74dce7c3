import { isJsonObject, type Json } from '../core/json.ts'
import { parseDatetime } from './extensions/datetime.ts'
import type { ParsedPolicy } from './parse-job.ts'
import type { Problem } from './problem.ts'

/** `context.now` on the left of these ends at the instant on the right. */
const BEFORE = new Set(['<', '<='])
const AFTER = new Set(['>', '>='])

/**
 * Policies with a condition that a time which is over would have to come before. They do what they say, so they are
 * no error; but an exception that has ended is for somebody to take out.
 * @param now milliseconds since the epoch.
 */
export function endedExceptions(policies: readonly ParsedPolicy[], now: number): readonly Problem[] {
  return policies.flatMap(({ id, file, line, column, est }) => {
    const ended = [...new Set(endsOf(est))].filter((end) => end <= now).toSorted((a, b) => a - b)
    return ended.map((end) => ({
      file,
      line,
      column,
      message: `what \`${id}\` says of the time before ${new Date(end).toISOString()} is over`,
      help: 'take it out, or give it another end',
    }))
  })
}

function endsOf(expression: Json): readonly number[] {
  if (Array.isArray(expression)) return (expression as readonly Json[]).flatMap(endsOf)
  if (!isJsonObject(expression)) return []
  return Object.entries(expression).flatMap(([operator, body]) => [
    ...(isJsonObject(body) ? endOf(operator, body['left'], body['right']) : []),
    ...endsOf(body),
  ])
}

function endOf(operator: string, left: Json | undefined, right: Json | undefined): readonly number[] {
  const instant = BEFORE.has(operator) ? [left, right] : AFTER.has(operator) ? [right, left] : undefined
  if (instant === undefined || !isNow(instant[0])) return []
  const end = instantOf(instant[1])
  return end === undefined ? [] : [end]
}

function isNow(expression: Json | undefined): boolean {
  const access = isJsonObject(expression) ? expression['.'] : undefined
  if (!isJsonObject(access) || access['attr'] !== 'now') return false
  return isJsonObject(access['left']) && access['left']['Var'] === 'context'
}

/** Of a literal; what is computed is not followed. */
function instantOf(expression: Json | undefined): number | undefined {
  const call = isJsonObject(expression) ? expression['datetime'] : undefined
  const [argument] = Array.isArray(call) ? (call as readonly Json[]) : []
  const text = isJsonObject(argument) ? argument['Value'] : undefined
  if (typeof text !== 'string') return undefined
  return Number(parseDatetime(text).milliseconds)
}
