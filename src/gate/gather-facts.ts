import { AGENTS } from '../classify/catalogue/agents.ts'
import type { Classification } from '../classify/classify.ts'
import type { Facts } from '../core/facts.ts'
import { chainState, effectiveEnvironment, type TaskChain } from '../core/identity.ts'
import { outsideDimensions } from '../core/scope-check.ts'
import { haltOf } from '../core/standing.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { connectedTask } from './fleet/connected-task.ts'
import type { Caller } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'
import { weighTakings, type Takings } from './take-budget.ts'

type CommonFacts = Omit<Facts, 'outside' | 'approvals' | 'server' | 'tool' | 'inferred' | 'pinned'>

/** Facts that do not depend on which call it is. */
export async function gatherTaskFacts(
  deps: GateDeps,
  caller: Caller,
  call: Pick<ToolCall, 'door' | 'kind'> & { readonly server?: string },
): Promise<CommonFacts> {
  const { task } = caller.chain
  const root = rootOf(caller.chain)
  const facts = deps.tasks.facts(task.tenant, root.id)
  const history = facts instanceof Promise ? await facts : facts
  const now = deps.clock.now()
  const halted = haltOf(caller.standing, caller.chain, call.server) !== undefined
  return {
    now,
    door: call.door,
    kind: call.kind,
    protection: deps.settings.protection,
    environment: effectiveEnvironment(task),
    sandboxed: caller.sandboxed ?? (task.environmentProved && task.environment === 'sandbox'),
    holderBound: caller.holderBound,
    hooked: call.door === 'hook' || isHooked(deps, caller, now),
    taskState: halted ? 'halted' : chainState(caller.chain, now).state,
    loop: 'none',
    budgetExhausted: history.calls >= (root.budget.calls ?? Infinity),
    history,
    provenance: [],
    ...(root.workload === undefined ? {} : { workload: root.workload }),
  }
}

/** Everything about this call that policy can see beside the operations themselves, and what it would take. */
export async function gatherFacts(
  deps: GateDeps,
  caller: Caller,
  call: ToolCall,
  classification: Classification,
): Promise<{ readonly facts: Facts; readonly takings: Takings }> {
  const scopes = [caller.chain.task, ...caller.chain.ancestors].map((task) => task.scope)
  const common = await gatherTaskFacts(deps, caller, call)
  const takings = await weighTakings(deps, caller, { call, classification, history: common.history })
  const { exhausted, loop } = takings
  const facts: Facts = {
    ...common,
    budgetExhausted: exhausted.length > 0,
    ...(exhausted.length > 0 ? { exhausted } : {}),
    loop,
    server: call.server,
    tool: call.tool,
    inferred: classification.inferred,
    pinned: isPinned(deps, call),
    ...(classification.typed === undefined ? {} : { typed: classification.typed }),
    approvals: [],
    outside: classification.operations.map((operation) =>
      outsideDimensions(scopes, { server: call.server, tool: call.tool }, operation),
    ),
  }
  return { facts, takings }
}

function isHooked({ presence }: GateDeps, { hooked, chain }: Caller, now: number): boolean {
  return hooked ?? presence?.hooked(connectedTask(chain).id, now) ?? false
}

export function rootOf(chain: TaskChain): TaskChain['task'] {
  return chain.ancestors.at(-1) ?? chain.task
}

function isPinned(deps: GateDeps, call: ToolCall): boolean {
  if (call.kind !== 'tool') return true
  // Tools that are part of an agent have no definition that could change: the shipped catalogue says what they are.
  if (call.door === 'hook' && AGENTS.has(call.server)) return true
  // Nor have the actions of an application: one that nothing describes is not understood.
  if (call.door === 'authzen') return true
  return call.definition !== undefined && deps.pins.isPinned(call.server, call.tool, call.definition.digest)
}
