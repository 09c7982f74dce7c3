import { asRemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { RUNTIME_TOOL, runtimeRefusal, runtimeResult } from '../core/runtime-tool.ts'
import { unknownName, type DoorContext } from './door-context.ts'
import { cancelled, correlationOf, type Exchange } from './exchange.ts'
import { routeOnRecord } from './route-on-record.ts'
import { showLife } from './show-life.ts'

/**
 * A call of the gateway's own tool. Whatever comes of it is a result that the runtime takes for an answer, and never an
 * error: Codex goes on after one. What was no question of a runtime is on record as an attempt.
 */
export async function askRuntimeTool(
  door: DoorContext,
  exchange: Exchange,
  asked: JsonObject,
): Promise<JsonObject> {
  try {
    return runtimeResult(await ask(door, exchange, asked))
  } catch (thrown) {
    const error = asRemitError(thrown)
    if (error.code === 'internal') {
      door.deps.log.log('error', 'runtime.failed', { detail: error.detail ?? error.message })
    }
    return runtimeResult(runtimeRefusal(asked, error.message))
  }
}

async function ask(door: DoorContext, exchange: Exchange, asked: JsonObject): Promise<JsonObject> {
  const { caller, claim, reply } = exchange
  const { toolUse, traceparent } = correlationOf(exchange)
  // What its model sends must not keep the runtime of an agent from asking.
  door.runtimeLimit.take(`${caller.chain.task.id} ${toolUse === undefined ? 'runtime' : 'model'}`)
  const gone = new AbortController()
  const offClose = reply.onClose(() => {
    gone.abort(cancelled())
  })
  const beats = showLife(exchange, 'waiting for a human', door.limits.beat)
  try {
    const wanted = { kind: 'tool', server: undefined, tool: RUNTIME_TOOL, arguments: asked } as const
    return await routeOnRecord(door, exchange, wanted, () => {
      const tool = door.deps.runtimeTool
      if (tool === undefined) throw unknownName(RUNTIME_TOOL)
      return tool.answer({
        caller,
        arguments: asked,
        signal: AbortSignal.any([exchange.signal, gone.signal]),
        ...(claim.client === undefined ? {} : { client: claim.client }),
        ...(toolUse === undefined ? {} : { ownUse: toolUse }),
        ...(traceparent === undefined ? {} : { traceparent }),
      })
    })
  } finally {
    clearInterval(beats)
    offClose()
  }
}
