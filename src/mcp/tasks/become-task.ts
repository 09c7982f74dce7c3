import { RemitError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { capabilitiesUpstream } from '../client-capabilities.ts'
import type { DoorContext } from '../door-context.ts'
import { ownerOf, type Exchange } from '../exchange.ts'
import type { OpenRun } from '../forward-call.ts'
import { shownBy } from '../identify-request.ts'
import { readToken } from '../steps/read-token.ts'
import { garbage } from '../upstream-message.ts'
import { CoreTask } from './core-task.ts'
import { ExtensionTask } from './extension-task.ts'
import { OpenTask } from './open-task.ts'
import { withTasks } from './task-capabilities.ts'
import type { TaskPlan } from './task-plan.ts'
import { coreTask, modernTask, readTask, type SeenTask } from './task-shape.ts'
import { tellStatus } from './tell-status.ts'
import type { AskServer, UpstreamTask } from './upstream-task.ts'

const NEVER = new AbortController().signal

/**
 * The answer of a call that runs on as a task, as the client's protocol says it. Its outcome is owed until it ends.
 * @returns undefined for a call that was answered at once, as the client may have it.
 * @throws RemitError `upstream_garbage`, `overloaded`; whoever called settles then.
 */
export async function becomeTask(
  door: DoorContext,
  exchange: Exchange,
  of: { readonly run: OpenRun; readonly plan: TaskPlan; readonly result: JsonObject },
): Promise<JsonObject | undefined> {
  const { run, plan, result } = of
  const made = readMade(door, plan, result)
  if (made === undefined && !plan.wanted) return undefined
  const upstream = made === undefined ? NOWHERE : upstreamTask(door, exchange, { run, plan, id: made.id })
  const { task: owner } = exchange.caller.chain
  if (!door.tasks.mayOpen(owner.id)) {
    await upstream.cancel().catch(() => {})
    throw new RemitError('overloaded', 'too many tasks of this task are open; cancel some or wait for them')
  }
  const task = openTask(door, exchange, { run, plan, upstream, made })
  if (made === undefined) await task.complete(result)
  door.tasks.add(exchange.caller, exchange.naming.endpoint, task)
  if (exchange.claim.era === 'legacy') tellStatus(door, exchange, task)
  const _meta = { 'remit/decision': run.allowed.verdict.decisionId }
  return exchange.claim.era === 'modern'
    ? { resultType: 'task', ...modernTask(task.id, task.state), _meta }
    : { task: coreTask(task.id, task.state), _meta }
}

/** Where a call ran that was answered at once: nothing is left there. */
const NOWHERE: UpstreamTask = {
  look: () => Promise.reject(new RemitError('internal', 'a task that has ended was looked at')),
  respond: () => Promise.resolve(),
  cancel: () => Promise.resolve(),
  close: () => {},
}

function readMade(door: DoorContext, plan: TaskPlan, result: JsonObject): SeenTask | undefined {
  const now = new Date(door.deps.clock.now()).toISOString()
  const core = plan.upstream === 'core' && result['task'] !== undefined
  if (!core && result['resultType'] !== 'task') return undefined
  const made = readTask(core ? result['task'] : result, now)
  if (made === undefined) throw garbage('it is no task')
  // Its result, should it have ended already, is asked for as any other.
  return made
}

function openTask(
  door: DoorContext,
  exchange: Exchange,
  of: { run: OpenRun; plan: TaskPlan; upstream: UpstreamTask; made: SeenTask | undefined },
): OpenTask {
  const { run, plan, upstream, made } = of
  const now = door.deps.clock.now()
  const time = new Date(now).toISOString()
  const state = made?.state ?? {
    status: 'working',
    createdAt: time,
    lastUpdatedAt: time,
    ttl: plan.ttl ?? null,
  }
  const { verdict, mediation } = run.allowed
  const { naming, caller } = exchange
  const id = door.taskHandles.seal({
    task: caller.chain.task.id,
    endpoint: naming.endpoint,
    server: mediation.call.server,
    kind: plan.upstream,
    upstream: made?.id ?? '',
    decision: verdict.decisionId,
  })
  const life = Math.min(state.ttl ?? door.limits.taskLife, door.limits.taskLife)
  const { token } = readToken(exchange.request)
  const shown = shownBy(caller)
  return new OpenTask(door, { id, run, naming, token, shown, upstream, state, deadline: now + life })
}

function upstreamTask(
  door: DoorContext,
  exchange: Exchange,
  of: { readonly run: OpenRun; readonly plan: TaskPlan; readonly id: string },
): UpstreamTask {
  const { allowed } = of.run
  const { server } = allowed.mediation.call
  const owner = ownerOf(exchange)
  const settings = door.deps.serverSettings.get(server)
  const capabilities = withTasks(capabilitiesUpstream(exchange, { canAsk: true, settings }))
  const ask: AskServer = async (method, params, more = {}) => {
    const session = await door.catalogue.session(server, owner)
    return session.request({
      method,
      params,
      signal: more.signal ?? NEVER,
      party: owner,
      headers: allowed.verdict.credentials.headers,
      clientCapabilities: capabilities,
      ...(more.onServerRequest === undefined ? {} : { onServerRequest: more.onServerRequest }),
    })
  }
  return of.plan.upstream === 'core' ? new CoreTask(of.id, ask) : new ExtensionTask(of.id, ask)
}
