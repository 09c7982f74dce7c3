import { asRemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { buildCall } from './build-call.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'

/** Stands for the server of a name that belongs to none; no configured key can look like it. */
const NOWHERE = '?' as ServerKey

/**
 * Finds where a call goes. When there is nowhere, or the server cannot be reached, the attempt is on record
 * before its error is answered: whoever probes for names leaves a trace.
 * @throws whatever `find` threw.
 */
export async function routeOnRecord<Route>(
  door: DoorContext,
  exchange: Exchange,
  wanted: Pick<ToolCall, 'kind' | 'tool' | 'arguments'> & { readonly server: ServerKey | undefined },
  find: () => Promise<Route>,
): Promise<Route> {
  if (wanted.server !== undefined) door.open.bind(exchange.open, wanted.server)
  try {
    return await find()
  } catch (thrown) {
    const call = buildCall(door, exchange, { ...wanted, server: wanted.server ?? NOWHERE })
    await door.deps.gate.recordUnrouted(exchange.acting, call, asRemitError(thrown))
    throw thrown
  }
}
