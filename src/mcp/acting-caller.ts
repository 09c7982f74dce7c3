import type { Caller } from '../gate/gate.ts'
import type { DoorContext } from './door-context.ts'
import { toolUseOf, type Exchange } from './exchange.ts'

/**
 * Sub-agents share the connection of their agent; a hook told just before whose this use of a tool is.
 * @throws RemitError `task_*` where that sub-agent has ended meanwhile.
 */
export async function actingCaller(
  { deps }: DoorContext,
  asked: Pick<Exchange, 'caller' | 'meta'>,
): Promise<Caller> {
  const use = toolUseOf(asked)
  if (use === undefined || deps.subAgents === undefined) return asked.caller
  return deps.subAgents.callerOfUse(asked.caller, use)
}
