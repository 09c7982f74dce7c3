import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ExtractionContext } from './extract.ts'
import { readInnerCalls } from './inner-calls.ts'

/** A call of another tool, or a list of them: decided on what each would do, and opaque where one cannot be read. */
export function extractCalls(value: Json, context: ExtractionContext): readonly Operation[] {
  const calls = readInnerCalls(value, context.pointer)
  if (calls === undefined || context.inner === undefined) return [unknownCall(context.pointer)]
  const { inner } = context
  return calls.flatMap(inner)
}

/** Whatever tool it is. */
export function unknownCall(pointer: string): Operation {
  return {
    action: 'code.execute',
    resource: { type: 'Program', id: '?', ancestors: [] },
    labels: [],
    opaque: true,
    origin: { pointer },
  }
}
