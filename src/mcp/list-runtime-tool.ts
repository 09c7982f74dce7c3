import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'

const HEAD = '"tools":['

/** @param written the member `tools` of a list's page, in UTF-8; the first page has the gateway's own tool where the client is shown it. */
export function withRuntimeTool(
  { deps }: DoorContext,
  { claim, params }: Exchange,
  written: Uint8Array,
): Uint8Array {
  const own = params['cursor'] === undefined ? deps.runtimeTool?.listed(claim.client) : undefined
  if (own === undefined) return written
  const rest = written.subarray(HEAD.length)
  const comma = rest.length > 1 ? ',' : ''
  return Buffer.concat([Buffer.from(`${HEAD}${JSON.stringify(own)}${comma}`), rest])
}
