import { canonicalJson } from '../core/canonical-json.ts'
import type { Clock } from '../core/clock.ts'
import { asRemitError } from '../core/errors.ts'
import type { DecisionId } from '../core/ids.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { Gate } from './gate.ts'
import type { ReportedCall } from './reported-calls.ts'

/** Under this name a result that is no object stands in one: a gate inspects objects. */
export const PLAIN = 'value'

export function asResult(value: Json): JsonObject {
  return isJsonObject(value) ? value : { [PLAIN]: value }
}

/** How a call ended, in the words of whoever ran it. */
export interface ReportedEnd {
  /** Absent = none is told. */
  readonly result?: JsonObject
  /** Absent = it did not fail. */
  readonly failure?: string
}

/**
 * Looks through what a call brought back, and records how it ended, as it is reported.
 * @returns what a model may have of the result: of one that may not be shown, or could not be looked through, only that.
 */
export async function settleReported(
  { gate, clock }: { readonly gate: Pick<Gate, 'inspect' | 'settle'>; readonly clock: Clock },
  { decision, at }: ReportedCall,
  { result, failure }: ReportedEnd,
): Promise<JsonObject | undefined> {
  const shown = result && (await lookThrough(gate, decision, result))
  await gate.settle(decision, {
    status: failure === undefined ? 'ok' : 'error',
    micros: Math.max(0, (clock.now() - at) * 1_000),
    bytes: result === undefined ? 0 : Buffer.byteLength(canonicalJson(result)),
    reported: true,
    ...(result === undefined ? {} : { result }),
    ...(failure === undefined ? {} : { error: failure }),
  })
  return shown
}

/** Nobody will tell how it ended. */
export function settleUnheard(gate: Pick<Gate, 'settle'>, decision: DecisionId): Promise<void> {
  return gate.settle(decision, { status: 'unknown', micros: 0, bytes: 0 })
}

async function lookThrough(
  gate: Pick<Gate, 'inspect'>,
  decision: DecisionId,
  result: JsonObject,
): Promise<JsonObject> {
  try {
    return await gate.inspect(decision, result)
  } catch (thrown) {
    return { [PLAIN]: asRemitError(thrown).message }
  }
}
