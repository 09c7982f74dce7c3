import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { DoorContext } from './door-context.ts'
import { ownerOf, type Exchange } from './exchange.ts'
import { identifyAgain } from './identify-request.ts'
import { resultMessage } from './reply.ts'
import type { Subscriptions } from './resource-subscription.ts'
import { releaseResource, subscribeUpstream } from './subscribe-resource.ts'
import {
  PROMPTS_CHANGED,
  RESOURCES_CHANGED,
  RESOURCE_UPDATED,
  TOOLS_CHANGED,
  type Subscriber,
} from './subscription-hub.ts'
import { followable, followTask } from './tasks/follow-task.ts'
import { declaresTasks, tasksMissing } from './tasks/task-plan.ts'
import { KEYS } from './wire/rev-2026-07-28/keys.ts'

const FILTERS = {
  toolsListChanged: TOOLS_CHANGED,
  promptsListChanged: PROMPTS_CHANGED,
  resourcesListChanged: RESOURCES_CHANGED,
} as const

/**
 * `subscriptions/listen` (https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions):
 * acknowledged first with what is honoured, every message tagged with the request's id, open until either side
 * ends it.
 * @returns undefined: the stream is the answer.
 */
export async function listen(door: DoorContext, exchange: Exchange): Promise<undefined> {
  const { reply, id } = exchange
  const asked = exchange.params['notifications']
  if (!isJsonObject(asked)) throw new RemitError('params_invalid', '`notifications` must be an object')
  if (asked['taskIds'] !== undefined && !declaresTasks(exchange.claim)) throw tasksMissing()
  if (!reply.canStream) throw new RemitError('params_invalid', 'accept `text/event-stream` to listen')
  const { taskIds } = asked
  const tasks = taskIds === undefined ? [] : followable(door, exchange, taskIds)
  const { honoured, methods, resources } = await honour(door, exchange, asked)
  const tag = { [KEYS.subscriptionId]: id }
  const owner = ownerOf(exchange)
  const end = (): void => {
    const _meta = { ...tag, [KEYS.serverInfo]: door.serverInfo }
    reply.finish(200, resultMessage(id, { resultType: 'complete', _meta }))
  }
  const subscriber: Subscriber = {
    owner,
    naming: exchange.naming,
    methods,
    resources,
    send: (method, params) => void reply.notify(method, { ...params, _meta: tag }),
    beat: () => reply.comment(),
    recheck: () => identifyAgain(door, exchange.request, exchange.caller),
    end,
    // What was acknowledged holds no more: a client that listens again is told what does.
    resourceLost: end,
  }
  const remove = door.hub.add(subscriber, exchange.caller)
  const closed = new AbortController()
  reply.onClose(() => {
    closed.abort()
    remove()
    for (const resource of resources.values()) releaseResource(door, owner, resource).catch(() => {})
  })
  const notifications =
    taskIds === undefined ? honoured : { ...honoured, taskIds: tasks.map((task) => task.id) }
  reply.notify('notifications/subscriptions/acknowledged', { notifications, _meta: tag })
  const listening = { ...exchange, signal: closed.signal }
  for (const task of tasks) {
    const tell = (params: JsonObject): boolean =>
      reply.notify('notifications/tasks', { ...params, _meta: tag })
    // It ends with its stream, or when nothing more may be told.
    followTask(door, listening, { task, tell }).catch(() => {})
  }
}

async function honour(
  door: DoorContext,
  exchange: Exchange,
  asked: JsonObject,
): Promise<{ honoured: JsonObject; methods: ReadonlySet<string>; resources: Subscriptions }> {
  const honoured: Record<string, Json> = {}
  const methods = new Set<string>()
  for (const [filter, method] of Object.entries(FILTERS)) {
    if (asked[filter] !== true) continue
    honoured[filter] = true
    methods.add(method)
  }
  const resources: Subscriptions = new Map()
  const wanted = asked['resourceSubscriptions']
  for (const uri of Array.isArray(wanted) ? (wanted as readonly Json[]) : []) {
    if (typeof uri !== 'string') throw new RemitError('params_invalid', 'a subscribed URI must be a string')
    try {
      resources.set(uri, await subscribeUpstream(door, exchange, uri))
    } catch (error) {
      // What is refused is left out of the acknowledgement, which says so; the decision is on record.
      door.deps.log.log('info', 'resource subscription not honoured', { reason: String(error) })
    }
  }
  if (resources.size > 0) {
    honoured['resourceSubscriptions'] = [...resources.keys()]
    methods.add(RESOURCE_UPDATED)
  }
  return { honoured, methods, resources }
}
