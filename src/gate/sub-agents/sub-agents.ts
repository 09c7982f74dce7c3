import { asRemitError, RemitError } from '../../core/errors.ts'
import type { DecisionId, TaskId } from '../../core/ids.ts'
import { taskState, type TaskChain } from '../../core/identity.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Correlation } from '../../core/tool-call.ts'
import { loadChain } from '../../identity/task-chain.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { createDelegatingGate } from '../delegate.ts'
import type { Caller } from '../gate.ts'
import { requireActive } from '../identify.ts'
import { taskRecord } from '../task-records.ts'
import { actAs } from './act-as.ts'
import { findSubAgent } from './find-sub-agent.ts'
import { OwnUses, type OwnUse } from './own-uses.ts'
import { StartLicences } from './start-licences.ts'
import { startSubAgent } from './start-sub-agent.ts'
import { checkSubAgent, type SubAgent } from './sub-agent.ts'

/** What waits for a sub-agent to begin: milliseconds for a human to agree, 0 = not at all. */
export interface Waiting {
  readonly hold: number
  readonly correlation: Correlation
}

/** A call that starts an agent, or goes on with one, and was let run. */
export interface AgentStart {
  /** Who called: the connection, or a sub-agent of it. */
  readonly by: Caller
  readonly decision: DecisionId
  readonly arguments: JsonObject
}

/**
 * Sub-agents of the agents that have a connection: each acts as a child of its task, made at the first that is heard of it.
 * `connection` is whoever was identified; what it tells of others' sub-agents means nothing.
 */
export interface SubAgents {
  /**
   * Who acts when the runtime names a sub-agent. One that ended and is heard of again begins anew.
   * @throws RemitError `request_invalid`, `scope_wider`, `task_*`, `call_denied`, `approval_*`.
   */
  callerOf(connection: Caller, told: SubAgent, waiting: Waiting): Promise<Caller>
  /** Its work is done; unknown ones, and those that ended, are let be. */
  ended(connection: Caller, told: SubAgent): Promise<void>
  /** One sub-agent may begin by this call, without being decided about again. */
  started(connection: Caller, start: AgentStart): void
  /** A use of a tool of the gateway is this caller's, when the call itself comes. */
  expect(connection: Caller, own: OwnUse, by: Caller): void
  /** It is over. */
  forget(connection: Caller, own: OwnUse): void
  /**
   * Who makes a call: a sub-agent that a hook named for it, or the connection itself.
   * @throws RemitError `call_denied` where that sub-agent may not any more.
   */
  callerOfUse(connection: Caller, own: OwnUse): Promise<Caller>
}

export function createSubAgents(deps: AdministrationDeps): SubAgents {
  const gate = createDelegatingGate(deps)
  const licences = new StartLicences()
  const uses = new OwnUses(deps.sha256)
  /** Those that begin now: whoever else hears of one waits for the same, so that nobody is asked twice. */
  const beginning = new Map<TaskId, Promise<void>>()

  async function begin(connection: Caller, told: SubAgent, id: TaskId, waiting: Waiting): Promise<void> {
    // Whoever was before us may have made it by now.
    if ((await deps.tasks.get(deps.settings.tenant, id)) !== undefined) return
    const above = await parentOf(connection, told)
    const at = { now: deps.clock.now(), by: above?.chain.task.id }
    const licence = licences.find(connection.chain.task.id, told, at)
    const parent = above ?? (licence === undefined ? connection : actAs(connection, licence.by))
    await startSubAgent(deps, gate, { told, id, parent, licence, ...waiting })
    if (licence !== undefined) licences.use(connection.chain.task.id, licence)
  }

  /** Who started it, as far as it is told: of an id that is no sub-agent's that acts now, the agent itself. */
  async function parentOf(connection: Caller, told: SubAgent): Promise<Caller | undefined> {
    if (told.parent === undefined) return undefined
    const { runtime, parent: id } = told
    const { task } = await findSubAgent(deps, connection.chain.task, { runtime, id })
    return task === undefined ? connection : actAs(connection, await activeChain(deps, task.id))
  }

  async function callerOf(connection: Caller, told: SubAgent, waiting: Waiting): Promise<Caller> {
    checkSubAgent(told)
    const { id, task } = await findSubAgent(deps, connection.chain.task, told)
    if (task !== undefined) return actAs(connection, await activeChain(deps, id))
    const begun =
      beginning.get(id) ??
      begin(connection, told, id, waiting).finally(() => {
        beginning.delete(id)
      })
    beginning.set(id, begun)
    await begun
    return actAs(connection, await activeChain(deps, id))
  }

  return {
    callerOf,
    async ended(connection, told) {
      checkSubAgent(told)
      const { id, task } = await findSubAgent(deps, connection.chain.task, told)
      if (task !== undefined) await complete(deps, id)
    },
    started(connection, { by, decision, arguments: args }) {
      const licence = { decision, by: by.chain, arguments: args, at: deps.clock.now() }
      licences.add(connection.chain.task.id, licence)
    },
    expect(connection, own, by) {
      uses.add(connection.chain.task.id, own, { child: by.chain.task.id, at: deps.clock.now() })
    },
    forget(connection, own) {
      uses.forget(connection.chain.task.id, own)
    },
    async callerOfUse(connection, own) {
      const child = uses.take(connection.chain.task.id, own, deps.clock.now())
      if (child === undefined) return connection
      const acting = actAs(connection, await activeChain(deps, child).catch(refusedCall))
      // By a hook, which told whose it is.
      return { ...acting, hooked: true }
    },
  }
}

/** @throws RemitError `task_*` also where it was revoked, or what it was delegated from ended. */
async function activeChain(deps: AdministrationDeps, id: TaskId): Promise<TaskChain> {
  const chain = await loadChain(deps.tasks, deps.settings.tenant, id)
  if (chain === undefined) throw new RemitError('task_unknown', `the task \`${id}\` of a sub-agent is gone`)
  requireActive(chain, deps.clock.now())
  return chain
}

/** It is the sub-agent's end, and not that of the connection, which an error of a token would mean to a client. */
function refusedCall(thrown: unknown): never {
  const { message } = asRemitError(thrown)
  throw new RemitError('call_denied', `the sub-agent that calls may not any more: ${message}`)
}

async function complete(deps: AdministrationDeps, id: TaskId): Promise<void> {
  const chain = await loadChain(deps.tasks, deps.settings.tenant, id)
  if (chain === undefined || taskState(chain.task, deps.clock.now()) !== 'active') return
  const { task } = chain
  const actor = `${task.agent.kind}:${id}`
  await deps.journal.commit({
    records: [taskRecord(deps, chain, { kind: 'task.completed', actor, credential: 'task-token' })],
    changes: [{ kind: 'complete-task', tenant: task.tenant, task: id, at: deps.clock.now(), by: actor }],
  })
  deps.events.authorityEnded()
}
