import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Verdict } from '../gate/gate.ts'
import { buildCall } from './build-call.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { holdForApproval } from './hold-for-approval.ts'
import type { ServerQuestion } from './server-question.ts'

/** A question that policy let through; exactly one `settle` is owed. */
export interface AllowedQuestion {
  settle(outcome: Pick<Outcome, 'status' | 'result' | 'error'>): void
}

/**
 * Asks the gate whether the server may ask this, as a call of its own: decided, recorded and, where a rule wants it,
 * held for a human.
 * @throws RemitError `upstream_interactive` when it may not; the client's call may go on.
 */
export async function authorizeQuestion(
  door: DoorContext,
  exchange: Exchange,
  question: ServerQuestion,
): Promise<AllowedQuestion> {
  const { gate, clock, log } = door.deps
  const { kind, server, method, params } = question
  const call = buildCall(door, exchange, { kind, server, tool: method, arguments: params })
  let verdict: Verdict = await gate.authorize(exchange.acting, call, exchange.signal)
  if (verdict.effect === 'consent') {
    await holdForApproval(door, exchange, {
      call,
      verdict,
      resumed: undefined,
      resumable: false,
      elicit: false,
    })
    verdict = await gate.authorize(exchange.acting, call, exchange.signal)
  }
  if (verdict.effect !== 'allow') {
    const why = `the server \`${server}\` asks for \`${method}\`, which is refused: ${verdict.error.message}`
    throw new RemitError('upstream_interactive', why, { cause: verdict.error })
  }
  const { decisionId } = verdict
  const started = clock.micros()
  return {
    settle: (outcome) => {
      const micros = clock.micros() - started
      gate
        .settle(decisionId, { ...outcome, micros, bytes: sizeOf(outcome.result) })
        .catch((error: unknown) => {
          log.log('error', 'outcome not recorded', { decision: decisionId, error: String(error) })
        })
    },
  }
}

function sizeOf(result: JsonObject | undefined): number {
  return result === undefined ? 0 : Buffer.byteLength(JSON.stringify(result))
}
