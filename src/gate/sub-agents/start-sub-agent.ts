import { RemitError } from '../../core/errors.ts'
import type { TaskId } from '../../core/ids.ts'
import type { TaskChain } from '../../core/identity.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Correlation, ToolCall } from '../../core/tool-call.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { authorizeHeld } from '../authorize-held.ts'
import { childOf, delegateCall, insertChild } from '../delegate.ts'
import type { Caller, Gate } from '../gate.ts'
import { templateOf } from '../manage-tasks.ts'
import { typeOfStart, type StartLicence } from './start-licences.ts'
import { agentIdOf, type SubAgent } from './sub-agent.ts'

/** Sub-agents that one task may have in its life: whoever makes up ids gets no more. */
export const MOST_SUB_AGENTS = 500
const LONGEST_INTENT = 2_000
const LEAST_LIFETIME = 1_000

const NEVER = new AbortController().signal

/** How a sub-agent begins. */
export interface Beginning {
  readonly told: SubAgent
  /** Of the task that is made. */
  readonly id: TaskId
  /** Whose child it becomes; it acts with the proof of the connection. */
  readonly parent: Caller
  /** The call that started it; absent = policy is asked now. */
  readonly licence: StartLicence | undefined
  /** Milliseconds for which a human is waited for. */
  readonly hold: number
  readonly correlation: Correlation
}

/**
 * Makes the task as which a sub-agent acts, by the rules of every delegation: never wider or longer than its parent, on
 * record with the decision that let it begin, and without a token.
 * @throws RemitError `scope_wider`, `overloaded`, `task_*`, `call_denied`, `approval_*`.
 */
export async function startSubAgent(
  deps: AdministrationDeps,
  gate: Gate,
  beginning: Beginning,
): Promise<TaskChain> {
  const { parent, licence } = beginning
  await refuseFlood(deps, parent.chain)
  const chain = subAgentChain(deps, beginning)
  if (licence !== undefined) {
    await insertChild(deps, chain, { decision: licence.decision })
    return chain
  }
  const call = askedNow(deps, beginning, chain)
  const verdict = await authorizeHeld(gate, { caller: parent, call }, { hold: beginning.hold, signal: NEVER })
  if (verdict.effect !== 'allow') throw mayNot(beginning.told, verdict.error)
  const { decisionId: decision } = verdict
  try {
    await insertChild(deps, chain, { decision })
  } catch (thrown) {
    await gate.settle(decision, { status: 'error', micros: 0, bytes: 0 })
    throw thrown
  }
  await gate.settle(decision, { status: 'ok', micros: 0, bytes: 0 })
  return chain
}

/** All of its parent's but what policy says of children, and where its parent's programs run, since it is one of them. */
function subAgentChain(deps: AdministrationDeps, { told, id, parent, licence }: Beginning): TaskChain {
  const { task: above } = parent.chain
  const { runtime, id: name, type = typeOfStart(licence) } = told
  const agent = { id: agentIdOf(type), kind: above.agent.kind }
  const { maxLifetime } = templateOf(deps, above.workflow)
  const left = Math.max(LEAST_LIFETIME, above.expires - deps.clock.now())
  const { task, ancestors } = childOf(
    deps,
    parent.chain,
    { agent, intent: intentOf(agent.id, above.intent), lifetime: Math.min(left, maxLifetime) },
    id,
  )
  const subAgent = { runtime, id: name }
  return { task: { ...task, environmentProved: above.environmentProved, subAgent }, ancestors }
}

/** In the gateway's words: what a model writes to its sub-agent is no intent of a human. */
function intentOf(type: string, intent: string): string {
  const own = intent.replace(/^sub-agent `[^`]*` of: /, '')
  return `sub-agent \`${type}\` of: ${own}`.slice(0, LONGEST_INTENT).toWellFormed()
}

/** The same for every call of the sub-agent, so that they all ask for one approval. */
function askedNow(deps: AdministrationDeps, { told, correlation }: Beginning, { task }: TaskChain): ToolCall {
  const wish: JsonObject = { agent: { ...task.agent }, intent: task.intent, subAgent: { ...told } }
  return { ...delegateCall(deps, wish, correlation), door: 'hook' }
}

async function refuseFlood(deps: AdministrationDeps, { task }: TaskChain): Promise<void> {
  const children = await deps.tasks.children(task.tenant, task.id)
  if (children.filter(({ subAgent }) => subAgent !== undefined).length < MOST_SUB_AGENTS) return
  throw new RemitError(
    'scope_wider',
    `the task \`${task.id}\` has had ${MOST_SUB_AGENTS} sub-agents, and gets no more; do this step yourself`,
  )
}

function mayNot({ id }: SubAgent, { code, message, data }: RemitError): RemitError {
  const words = `the sub-agent \`${id}\` may not begin, so that nothing of it runs: ${message}`
  return new RemitError(code, words, data === undefined ? {} : { data })
}
