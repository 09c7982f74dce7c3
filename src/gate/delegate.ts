import type { Classification } from '../classify/classify.ts'
import { RemitError } from '../core/errors.ts'
import { newId, type Digest, type ServerKey, type TaskId } from '../core/ids.ts'
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

export function createDelegation(deps: AdministrationDeps): Delegation {
  // What a delegation does is known, and its definition is Remit's own.
  const gate = createGate({
    ...deps,
    classifier: { ...deps.classifier, classify: () => DELEGATED, complete: (found) => found },
    pins: { isPinned: () => true, see: () => Promise.resolve() },
  })
  return {
    async delegate({ token, showing }, request, correlation) {
      const caller = await gate.identify(token, showing)
      const chain = childOf(deps, caller, request)
      const digest = deps.sha256('remit__delegate')
      const decision = await authorize(gate, caller, { request, correlation, digest })
      try {
        await insertChild(deps, caller, chain)
      } catch (thrown) {
        await gate.settle(decision, { status: 'error', micros: 0, bytes: 0 })
        throw thrown
      }
      await gate.settle(decision, { status: 'ok', micros: 0, bytes: 0 })
      return { task: chain.task, token: await deps.mintToken(chain), url: deps.mcpUrl }
    },
  }
}

function childOf(deps: AdministrationDeps, { chain }: Caller, request: ChildRequest): TaskChain {
  const { task: parent, ancestors } = chain
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
      id: newId('tsk', deps.entropy.bytes(16)) as TaskId,
      now: deps.clock.now(),
      origin: 'parent-task',
      parent,
    },
  )
  return { task, ancestors: [parent, ...ancestors] }
}

async function authorize(
  gate: Gate,
  caller: Caller,
  of: { readonly request: ChildRequest; readonly correlation: Correlation; readonly digest: Digest },
) {
  const { request, correlation, digest } = of
  const call: ToolCall = {
    door: 'mcp',
    kind: 'tool',
    server: 'remit' as ServerKey,
    tool: 'delegate',
    definition: { digest, name: 'delegate' },
    arguments: { ...request },
    fileSystem: 'none',
    correlation,
  }
  const verdict = await gate.authorize(caller, call, new AbortController().signal)
  if (verdict.effect !== 'allow') throw verdict.error
  return verdict.decisionId
}

/** Each hop is a record of its own. Whatever ended the parent meanwhile ends this. */
async function insertChild(deps: AdministrationDeps, caller: Caller, chain: TaskChain): Promise<void> {
  const { task } = chain
  await whileStanding(deps, async (revision) => {
    const parent = await loadChain(deps.tasks, task.tenant, caller.chain.task.id)
    if (parent === undefined)
      throw new RemitError('task_unknown', 'the task that delegates is not there any more')
    requireActive(parent, deps.clock.now())
    const actor = `${caller.chain.task.agent.kind}:${caller.chain.task.id}`
    return deps.journal.commit({
      records: [taskRecord(deps, chain, { kind: 'task.created', actor, credential: 'task-token' })],
      changes: [
        { kind: 'expect-standing', tenant: task.tenant, revision },
        { kind: 'insert-task', task },
      ],
    })
  })
}
