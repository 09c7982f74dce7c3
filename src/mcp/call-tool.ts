import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import { RUNTIME_TOOL } from '../core/runtime-tool.ts'
import { askRuntimeTool } from './ask-runtime-tool.ts'
import { buildCall } from './build-call.ts'
import { unknownName, type DoorContext } from './door-context.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { mediateCall } from './mediate-call.ts'
import { requireName } from './names-of-request.ts'
import { checkParamHeaders, paramHeadersOf } from './param-headers.ts'
import { planTask } from './tasks/task-plan.ts'
import { routeOnRecord } from './route-on-record.ts'

const NO_ARGUMENTS: JsonObject = {}

/**
 * `tools/call`, which may become a task (`tasks/`).
 * @throws RemitError `tool_unknown`, `params_invalid`, `header_mismatch`, and what mediation throws.
 */
export async function callTool(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { arguments: args = NO_ARGUMENTS } = exchange.params
  const name = requireName(exchange.params['name'], 'tool')
  if (name === RUNTIME_TOOL) return askRuntimeTool(door, exchange, isJsonObject(args) ? args : NO_ARGUMENTS)
  if (!isJsonObject(args)) throw new RemitError('params_invalid', '`arguments` must be an object')
  const located = exchange.naming.locateName('tool', name)
  const wanted = {
    kind: 'tool',
    server: located?.server,
    tool: located?.name ?? name,
    arguments: args,
  } as const
  const { server, tool, session } = await routeOnRecord(door, exchange, wanted, async () => {
    if (located === undefined) throw unknownName(name)
    const found = await door.catalogue.tool(located.server, ownerOf(exchange), located.name)
    return { ...found, server: located.server }
  })
  const declared = tool.paramHeaders
  if (declared.length > 0 && exchange.claim.era === 'modern') {
    checkParamHeaders(declared, args, exchange.request.headers)
  }
  const plan = planTask(exchange, { info: session.info, tool: tool.raw })
  const call = buildCall(door, exchange, {
    kind: 'tool',
    server,
    tool: wanted.tool,
    definition: tool.definition,
    arguments: args,
  })
  return mediateCall(door, exchange, {
    call,
    method: 'tools/call',
    params: { name: wanted.tool, arguments: args },
    session,
    ...(plan === undefined ? {} : { task: plan }),
    // The initialize era has no such headers.
    ...(declared.length > 0 && session.info.era === 'modern'
      ? { headers: paramHeadersOf(declared, args) }
      : {}),
  })
}
