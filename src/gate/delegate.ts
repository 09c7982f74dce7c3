import type { Classification } from '../classify/classify.ts'
import { RemitError } from '../core/errors.ts'
import { newId, type DecisionId, type ServerKey, type TaskId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { TaskChain } from '../core/identity.ts'
import type { Presentation } from '../core/showing.ts'
import type { Correlation, ToolCall } from '../core/tool-call.ts'
import { makeTask } from '../identity/make-task.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { IssuedTask, TaskRequest } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { createGate } from './create-gate.ts'
import type { Caller, Gate } from './gate.ts'
import { refuseCycle } from './hold-task.ts'
import { requireActive } from './identify.ts'
import { ANY_AGENT, templateOf, whileStanding } from './manage-tasks.ts'
import { taskRecord } from './task-records.ts'

/** What a child is asked to be: the workflow is its parent's. */
export type ChildRequest = Omit<TaskRequest, 'workflow'>

/** A task token, and what its sender showed beside it. */
export interface Presented {
  readonly token: string | undefined
  readonly showing?: Presentation
}

/** Sub-delegation: all that a task token can ask for. */
export interface Delegation {
  /**
   * A child of the token's task, never wider and never longer than it. Policy decides `agent.delegate` on
   * `Gateway::"remit"`, with consent, budgets and the record of any call.
   * @throws RemitError `token_*`, `proof_*`, `task_*`, `scope_wider`, `input_invalid`, `call_denied`, `approval_pending`.
   */
  delegate(presented: Presented, request: ChildRequest, correlation: Correlation): Promise<IssuedTask>
}

/** Tasks from the root down that one chain may have: a child of a child of … is nobody's intent any more. */
const MAX_CHAIN = 5

const DELEGATED: Classification = {
  operations: [
    {
      action: 'agent.delegate',
      resource: { type: 'Gateway', id: 'remit', ancestors: [] },
      labels: [],
      opaque: false,
      origin: { pointer: '' },
    },
  ],
  inferred: false,
  secrets: { finds: [], complete: true },
}

/** A gate for delegations alone: what one does is known, and its definition is Remit's own. */
export function createDelegatingGate(deps: AdministrationDeps): Gate {
  return createGate({
    ...deps,
    classifier: { ...deps.classifier, classify: () => DELEGATED, complete: (found) => found },
    pins: { isPinned: () => true, see: () => Promise.resolve() },
  })
}

export function createDelegation(deps: AdministrationDeps): Delegation {
  const gate = createDelegatingGate(deps)
  return {
    async delegate({ token, showing }, request, correlation) {
      const caller = await gate.identify(token, showing)
      const chain = childOf(deps, caller.chain, request)
      const decision = await authorize(gate, caller, delegateCall(deps, { ...request }, correlation))
      try {
        await insertChild(deps, chain)
      } catch (thrown) {
        await gate.settle(decision, { status: 'error', micros: 0, bytes: 0 })
        throw thrown
      }
      await gate.settle(decision, { status: 'ok', micros: 0, bytes: 0 })
      return { task: chain.task, token: await deps.mintToken(chain), url: deps.mcpUrl }
    },
  }
}

/**
 * A child as it would be, not made yet.
 * @param id absent = a new one. @throws RemitError `scope_wider`, `input_invalid`.
 */
export function childOf(
  deps: AdministrationDeps,
  { task: parent, ancestors }: TaskChain,
  request: ChildRequest,
  id = newId('tsk', deps.entropy.bytes(16)) as TaskId,
): TaskChain {
  if (ancestors.length + 2 > MAX_CHAIN) {
    throw new RemitError(
      'scope_wider',
      `a task can be delegated ${MAX_CHAIN - 1} times at most; do this step yourself`,
    )
  }
  refuseCycle({ ancestors: [parent, ...ancestors] }, request.holder)
  const task = makeTask(
    { ...request, workflow: parent.workflow, agent: request.agent ?? ANY_AGENT },
    {
      template: templateOf(deps, parent.workflow),
      human: parent.human,
      tenant: parent.tenant,
      id,
      now: deps.clock.now(),
      origin: 'parent-task',
      parent,
    },
  )
  return { task, ancestors: [parent, ...ancestors] }
}

/** That a child is asked for, as the call that policy decides. */
export function delegateCall(
  deps: Pick<AdministrationDeps, 'sha256'>,
  wish: JsonObject,
  correlation: Correlation,
): ToolCall {
  return {
    door: 'mcp',
    kind: 'tool',
    server: 'remit' as ServerKey,
    tool: 'delegate',
    definition: { digest: deps.sha256('remit__delegate'), name: 'delegate' },
    arguments: wish,
    fileSystem: 'none',
    correlation,
  }
}

async function authorize(gate: Gate, caller: Caller, call: ToolCall): Promise<DecisionId> {
  const verdict = await gate.authorize(caller, call, new AbortController().signal)
  if (verdict.effect !== 'allow') throw verdict.error
  return verdict.decisionId
}

/**
 * Each hop is a record of its own. Whatever ended the parent meanwhile ends this; of two who make the same child one does.
 * @param chain of the child. @param data what the record says beside it.
 */
export async function insertChild(
  deps: AdministrationDeps,
  { task, ancestors }: TaskChain,
  data: JsonObject = {},
): Promise<void> {
  const [above] = ancestors
  await whileStanding(deps, async (revision) => {
    const parent = above && (await loadChain(deps.tasks, task.tenant, above.id))
    if (parent === undefined)
      throw new RemitError('task_unknown', 'the task that delegates is not there any more')
    requireActive(parent, deps.clock.now())
    if ((await deps.tasks.get(task.tenant, task.id)) !== undefined) return 'committed'
    const actor = `${parent.task.agent.kind}:${parent.task.id}`
    return deps.journal.commit({
      records: [
        taskRecord(
          deps,
          { task, ancestors },
          { kind: 'task.created', actor, credential: 'task-token', data },
        ),
      ],
      changes: [
        { kind: 'expect-standing', tenant: task.tenant, revision },
        { kind: 'insert-task', task },
      ],
    })
  })
}
