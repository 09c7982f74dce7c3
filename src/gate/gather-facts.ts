import type { Classification } from '../classify/classify.ts'
import { groupsOf } from '../core/actions.ts'
import type { Facts } from '../core/facts.ts'
import { type Budget, chainState, effectiveEnvironment, type TaskChain } from '../core/identity.ts'
import type { Operation } from '../core/operation.ts'
import { outsideDimensions } from '../core/scope-check.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { Caller } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'

type CommonFacts = Omit<Facts, 'outside' | 'approvals' | 'server' | 'tool' | 'inferred' | 'pinned'>

/** Facts that do not depend on which call it is. */
export async function gatherTaskFacts(
  deps: GateDeps,
  caller: Caller,
  call: Pick<ToolCall, 'door' | 'kind'>,
): Promise<CommonFacts> {
  const { task } = caller.chain
  const root = rootOf(caller.chain)
  const facts = deps.tasks.facts(task.tenant, root.id)
  const history = facts instanceof Promise ? await facts : facts
  const now = deps.clock.now()
  return {
    now,
    door: call.door,
    kind: call.kind,
    protection: deps.settings.protection,
    environment: effectiveEnvironment(task),
    sandboxed: caller.sandboxed ?? (task.environmentProved && task.environment === 'sandbox'),
    holderBound: caller.holderBound,
    hooked: false,
    taskState: chainState(caller.chain, now).state,
    budgetExhausted: isUsedUp(caller.chain, 'calls', history.calls),
    history,
    provenance: [],
  }
}

/** Everything about this call that policy can see beside the operations themselves. */
export async function gatherFacts(
  deps: GateDeps,
  caller: Caller,
  call: ToolCall,
  classification: Classification,
): Promise<Facts> {
  const scopes = [caller.chain.task, ...caller.chain.ancestors].map((task) => task.scope)
  const common = await gatherTaskFacts(deps, caller, call)
  return {
    ...common,
    // A budget of writes bounds what writes, and what may; a task without any left can still look.
    budgetExhausted:
      common.budgetExhausted ||
      (classification.operations.some(mayWrite) && isUsedUp(caller.chain, 'writes', common.history.writes)),
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
}

export function rootOf(chain: TaskChain): TaskChain['task'] {
  return chain.ancestors.at(-1) ?? chain.task
}

function isPinned(deps: GateDeps, call: ToolCall): boolean {
  if (call.kind !== 'tool') return true
  return call.definition !== undefined && deps.pins.isPinned(call.server, call.tool, call.definition.digest)
}

function mayWrite({ action, opaque }: Operation): boolean {
  return opaque || groupsOf(action).includes('write')
}

/** Counts are those of the whole tree, so that a child draws on what its ancestors have left. */
function isUsedUp(chain: TaskChain, kind: keyof Budget, used: number): boolean {
  return [chain.task, ...chain.ancestors].some(({ budget }) => used >= (budget[kind] ?? Infinity))
}
