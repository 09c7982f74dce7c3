import { isJsonObject } from '../core/json.ts'
import type { Caller } from '../gate/gate.ts'
import type { DoorContext } from './door-context.ts'
import { toolUseOf, type Exchange } from './exchange.ts'

/**
 * Sub-agents share the connection of their agent; a hook told just before whose this use of a tool is.
 * @throws RemitError `call_denied` where that sub-agent may not any more.
 */
export async function actingCaller(
  { deps }: DoorContext,
  asked: Pick<Exchange, 'caller' | 'meta' | 'method' | 'params'>,
): Promise<Caller> {
  const { caller, method, params } = asked
  const { name, arguments: args = {} } = params
  if (deps.subAgents === undefined || method !== 'tools/call') return caller
  if (typeof name !== 'string' || !isJsonObject(args)) return caller
  const use = toolUseOf(asked)
  const own = { name, arguments: args, ...(use === undefined ? {} : { use }) }
  return deps.subAgents.callerOfUse(caller, own)
}
