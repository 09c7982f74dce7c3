import type { JsonObject } from '../core/json.ts'
import { callTool } from './call-tool.ts'
import { complete } from './complete.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { getPrompt } from './get-prompt.ts'
import { listPrompts, listResources, listSkills, listTemplates } from './list-items.ts'
import { listTools } from './list-tools.ts'
import { listen } from './listen.ts'
import { readResource } from './read-resource.ts'
import { getSkill } from './skills/get-skill.ts'
import { readDirectory } from './skills/read-directory.ts'
import { awaitTaskResult, cancelTask, getTask, listTasks, updateTask } from './tasks/serve-tasks.ts'
import { setLogLevel } from './set-log-level.ts'
import { subscribeResource, unsubscribeResource } from './subscribe-resource.ts'
import type { Era } from './upstream.ts'
import { initialize } from './wire/rev-2025-11-25/initialize.ts'
import { discover } from './wire/rev-2026-07-28/discover.ts'

/** Answers a request with its undressed result, or with undefined when the stream itself is the answer. */
type Handler = (door: DoorContext, exchange: Exchange) => Promise<JsonObject | undefined>

/**
 * `terminate`: answered by the gateway itself · `decide`: the gate is asked, then forwarded · `list`: gathered from
 * all servers and filtered · `subscribe`: decided, then bridged · `follow`: of a call that was decided when it was made.
 */
type Treatment = 'terminate' | 'decide' | 'list' | 'subscribe' | 'follow'

export interface Row {
  readonly does: Treatment
  /** Eras that have the method. */
  readonly eras: readonly Era[]
  /** Milliseconds for which a client of 2026-07-28 may keep the result for itself; absent = such results say nothing of that. */
  readonly ttl: number | undefined
  readonly handler: Handler
}

const BOTH: readonly Era[] = ['modern', 'legacy']
const MODERN: readonly Era[] = ['modern']
const LEGACY: readonly Era[] = ['legacy']

const pong: Handler = () => Promise.resolve({})

/** Policy may change at any time, and who does not listen for that must not be wrong for long. */
const LIST_TTL = 5_000

/** Every request that a client may send. What is not here does not exist: `method_unknown`. */
export const REQUESTS: Readonly<Record<string, Row>> = {
  initialize: row('terminate', LEGACY, initialize),
  ping: row('terminate', LEGACY, pong),
  'logging/setLevel': row('terminate', LEGACY, setLogLevel),
  'server/discover': row('terminate', MODERN, discover, 0),

  'tools/list': row('list', BOTH, listTools, LIST_TTL),
  'prompts/list': row('list', BOTH, listPrompts, LIST_TTL),
  'resources/list': row('list', BOTH, listResources, LIST_TTL),
  'resources/templates/list': row('list', BOTH, listTemplates, LIST_TTL),
  'skills/list': row('list', BOTH, listSkills, LIST_TTL),

  'tools/call': row('decide', BOTH, callTool),
  'prompts/get': row('decide', BOTH, getPrompt),
  'resources/read': row('decide', BOTH, readResource, 0),
  'completion/complete': row('decide', BOTH, complete),
  'skills/get': row('decide', BOTH, getSkill, 0),
  'resources/directory/read': row('decide', BOTH, readDirectory, 0),

  'resources/subscribe': row('subscribe', LEGACY, subscribeResource),
  'resources/unsubscribe': row('subscribe', LEGACY, unsubscribeResource),
  'subscriptions/listen': row('subscribe', MODERN, listen),

  'tasks/get': row('follow', BOTH, getTask),
  'tasks/update': row('follow', MODERN, updateTask),
  'tasks/cancel': row('follow', BOTH, cancelTask),
  'tasks/result': row('follow', LEGACY, awaitTaskResult),
  'tasks/list': row('follow', LEGACY, listTasks),
}

/** Every notification that a client may send, and whether the gateway acts on it. */
export const NOTIFICATIONS: Readonly<
  Record<string, { readonly eras: readonly Era[]; readonly does: 'cancel' | 'ignore' }>
> = {
  'notifications/initialized': { eras: LEGACY, does: 'ignore' },
  'notifications/cancelled': { eras: BOTH, does: 'cancel' },
  'notifications/roots/list_changed': { eras: LEGACY, does: 'ignore' },
  'notifications/progress': { eras: LEGACY, does: 'ignore' },
}

/** @returns undefined for a method that this era does not have. */
export function rowOf(method: string, era: Era): Row | undefined {
  const found = Object.hasOwn(REQUESTS, method) ? REQUESTS[method] : undefined
  return found?.eras.includes(era) === true ? found : undefined
}

function row(does: Treatment, eras: readonly Era[], handler: Handler, ttl?: number): Row {
  return { does, eras, handler, ttl }
}
