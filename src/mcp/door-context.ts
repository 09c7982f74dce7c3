import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { Catalogue } from './catalogue.ts'
import { DEFAULT_LIMITS, type DoorDeps, type DoorLimits } from './door-deps.ts'
import type { OpenRun } from './forward-call.ts'
import { ListCursors } from './list-cursors.ts'
import type { Naming } from './names.ts'
import { OpenRequests } from './open-requests.ts'
import { ParkedCalls } from './parked-calls.ts'
import { SubscriptionRenewal } from './renew-subscriptions.ts'
import { StateSeal } from './request-state.ts'
import { RuntimeLimit } from './runtime-limit.ts'
import { SessionTable } from './session-table.ts'
import { SubscriptionHub } from './subscription-hub.ts'
import { ServerEvents } from './server-events.ts'
import { OpenTasks } from './tasks/open-tasks.ts'
import { TaskHandles } from './tasks/task-handle.ts'
import { ToolViews } from './tool-views.ts'

/** What the handlers of one door share. */
export interface DoorContext {
  readonly deps: DoorDeps
  readonly limits: DoorLimits
  readonly catalogue: Catalogue
  readonly events: ServerEvents
  readonly sessions: SessionTable
  readonly hub: SubscriptionHub
  readonly seal: StateSeal
  readonly cursors: ListCursors
  readonly toolViews: ToolViews
  readonly runtimeLimit: RuntimeLimit
  readonly parked: ParkedCalls<OpenRun>
  readonly open: OpenRequests
  readonly tasks: OpenTasks
  readonly taskHandles: TaskHandles
  /** `Implementation` of the gateway itself. */
  readonly serverInfo: JsonObject
}

export function createDoorContext(deps: DoorDeps): DoorContext {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits }
  const { clock, entropy } = deps
  const events = new ServerEvents()
  const catalogue = new Catalogue(deps, limits, events)
  const renewal = new SubscriptionRenewal(deps, catalogue)
  const sessions = new SessionTable({ clock, entropy, limits })
  return {
    deps,
    limits,
    events,
    sessions,
    catalogue,
    hub: new SubscriptionHub({ gate: deps.gate, events, limits, clock, renewal }),
    parked: new ParkedCalls(limits),
    open: new OpenRequests(),
    seal: new StateSeal({ key: deps.stateKey, entropy, clock, life: limits.stateLife }),
    cursors: new ListCursors({ key: deps.stateKey, entropy }),
    toolViews: new ToolViews(),
    runtimeLimit: new RuntimeLimit(clock),
    tasks: new OpenTasks({ gate: deps.gate, clock, limits }),
    taskHandles: new TaskHandles({ key: deps.stateKey, entropy }),
    serverInfo: { name: 'remit', title: 'Remit', version: deps.version },
  }
}

/** Servers that an endpoint shows, in the order of their keys. */
export function serversOf(door: DoorContext, naming: Naming): readonly ServerKey[] {
  return naming.servers ?? [...door.deps.upstreams.keys()].toSorted()
}

export function unknownName(exposed: string): RemitError {
  return new RemitError('tool_unknown', `nothing here is called \`${exposed}\`; list what there is`)
}
