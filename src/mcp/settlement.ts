import { RemitError } from '../core/errors.ts'
import type { DecisionId } from '../core/ids.ts'
import type { Outcome } from '../core/outcome.ts'
import type { DoorContext } from './door-context.ts'
import { UpstreamRpcError } from './upstream.ts'

/** The one outcome that an allowed call owes the gate. */
export interface Settlement {
  settle(outcome: Pick<Outcome, 'status' | 'result' | 'error'>, bytes: number): void
  failed(thrown: unknown, cancelled: boolean): void
}

export function settlementOf(door: Pick<DoorContext, 'deps'>, decision: DecisionId): Settlement {
  const { gate, clock, log } = door.deps
  const started = clock.micros()
  const settle: Settlement['settle'] = (outcome, bytes) => {
    const micros = clock.micros() - started
    gate.settle(decision, { ...outcome, micros, bytes }).catch((error: unknown) => {
      log.log('error', 'outcome not recorded', { decision, error: String(error) })
    })
  }
  return { settle, failed: (thrown, cancelled) => settle(outcomeOf(thrown, cancelled), 0) }
}

function outcomeOf(thrown: unknown, cancelled: boolean): Pick<Outcome, 'status' | 'error'> {
  if (cancelled) return { status: 'cancelled' }
  if (thrown instanceof UpstreamRpcError) {
    return { status: 'error', error: `${String(thrown.rpcCode)} ${thrown.message}` }
  }
  if (!(thrown instanceof RemitError)) return { status: 'unknown', error: 'internal' }
  const sent = thrown.code === 'upstream_lost' || thrown.code === 'upstream_timeout'
  const unclear = sent || thrown.code === 'upstream_garbage' || thrown.code === 'internal'
  return { status: unclear ? 'unknown' : 'error', error: thrown.code }
}
