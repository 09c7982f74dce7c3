import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { RemitError } from '../../core/errors.ts'
import type { ClientClaim } from '../client-claim.ts'
import type { UpstreamInfo } from '../upstream.ts'
import { TASKS_EXTENSION, type TaskKind } from './task-shape.ts'

/** How a call may become a task. */
export interface TaskPlan {
  /** What the server has. */
  readonly upstream: TaskKind
  /** A client of 2025-11-25 asked for a task and must be given one. */
  readonly wanted: boolean
  /** Milliseconds that a client of 2025-11-25 asked for. */
  readonly ttl?: number
}

type Support = 'forbidden' | 'optional' | 'required'

/** The one revision of the initialize era that has tasks. */
const CORE_VERSION = '2025-11-25'

export function declaresTasks({ era, version, capabilities }: ClientClaim): boolean {
  if (era === 'legacy') return version === CORE_VERSION
  const { extensions } = capabilities
  return isJsonObject(extensions) && extensions[TASKS_EXTENSION] !== undefined
}

/** Which tasks a server has; undefined = none. */
export function tasksOf({ era, capabilities }: UpstreamInfo): TaskKind | undefined {
  if (era === 'modern') {
    const { extensions } = capabilities
    return isJsonObject(extensions) && extensions[TASKS_EXTENSION] !== undefined ? 'extension' : undefined
  }
  const requests = member(capabilities['tasks'], 'requests')
  return member(member(requests, 'tools'), 'call') === undefined ? undefined : 'core'
}

/** What the tool itself says, where its server has tasks of 2025-11-25; there, silence forbids. */
export function supportOf(tool: JsonObject): Support {
  const said = member(tool['execution'], 'taskSupport')
  return said === 'optional' || said === 'required' ? said : 'forbidden'
}

/**
 * @returns undefined = the call is no task. A `task` that nobody can run is ignored, as the specification wants.
 * @throws RemitError `capability_missing` when the tool runs as a task only and the client has none.
 */
export function planTask(
  asked: { readonly claim: ClientClaim; readonly params: JsonObject },
  of: { readonly info: UpstreamInfo; readonly tool: JsonObject },
): TaskPlan | undefined {
  const upstream = tasksOf(of.info)
  if (upstream === undefined) return undefined
  const support = upstream === 'core' ? supportOf(of.tool) : 'optional'
  const declared = declaresTasks(asked.claim)
  if (asked.claim.era === 'modern') {
    if (support === 'required' && !declared) throw tasksMissing()
    return declared && (upstream === 'extension' || support === 'required')
      ? { upstream, wanted: false }
      : undefined
  }
  const task = asked.params['task']
  if (!declared || !isJsonObject(task) || support === 'forbidden') return undefined
  const { ttl } = task
  const given = typeof ttl === 'number' && Number.isSafeInteger(ttl) && ttl > 0
  return { upstream, wanted: true, ...(given ? { ttl } : {}) }
}

/** What a client of 2026-07-28 is told that did not declare the extension. */
export function tasksMissing(): RemitError {
  return new RemitError(
    'capability_missing',
    `declare the extension \`${TASKS_EXTENSION}\` on this request`,
    {
      data: { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } },
    },
  )
}

function member(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined
}
