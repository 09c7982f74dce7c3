import type { DecisionId } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import type { Gate } from '../gate/gate.ts'
import { UpstreamRpcError } from './upstream.ts'

/** What a server says of its failure may hold what its results may not. */
export function screenedError(gate: Gate, decision: DecisionId, thrown: unknown): unknown {
  if (!(thrown instanceof UpstreamRpcError)) return thrown
  const told = {
    message: thrown.message,
    ...(thrown.data === undefined ? {} : { data: thrown.data as Json }),
  }
  const { message, data } = gate.screen(decision, told) ?? {}
  return new UpstreamRpcError(thrown.rpcCode, typeof message === 'string' ? message : '[withheld]', data)
}
