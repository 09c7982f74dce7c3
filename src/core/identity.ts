import type { HumanId, TaskId, TenantId } from './ids.ts'
import type { Scope } from './scope.ts'
import type { Workload } from './workload.ts'

/** Who delegates or approves. Teams and roles are live: they are read when a decision is made. */
export interface Human {
  readonly tenant: TenantId
  readonly id: HumanId
  readonly teams: readonly string[]
  readonly roles: readonly string[]
}

/** Software that acts. What it says of itself is a claim, never a fact. */
export interface Agent {
  readonly id: string
  readonly kind: string
}

export const ENVIRONMENTS = ['laptop', 'sandbox', 'ci', 'staging', 'production'] as const
export type Environment = (typeof ENVIRONMENTS)[number]

/** What a budget counts: calls that went through, and what they did. `consents` = requests that people were asked. */
export const BUDGET_COUNTS = [
  'calls',
  'writes',
  'files',
  'lines',
  'pullRequests',
  'ciRuns',
  'installs',
  'consents',
] as const
export type BudgetCount = (typeof BUDGET_COUNTS)[number]
export const BUDGET_KINDS = [...BUDGET_COUNTS, 'duration'] as const

/**
 * Limits of a task and everything below it: a child draws on what is left of every ancestor's. Absent = no limit of
 * that kind. `duration`: milliseconds from when it was made, renewals included.
 */
export type Budget = { readonly [K in (typeof BUDGET_KINDS)[number]]?: number }

/** How a task came to be, strongest first. Policy may ask for more than a credential stored on disk. */
export type TaskOrigin = 'human-session' | 'workload' | 'stored-credential' | 'parent-task' | 'evaluation'

/** Which sub-agent of a runtime acts as a task: the runtime's words, believed about its own and no further. */
export interface SubAgentName {
  /** The kind of agent at whose hooks it works. */
  readonly runtime: string
  readonly id: string
}

/** The unit of authority: *agentic identity* = human + workflow + intent, with which agent and where. */
export interface Task {
  readonly tenant: TenantId
  readonly id: TaskId
  readonly human: HumanId
  readonly agent: Agent
  readonly workflow: string
  /** Fixed when the task is made: another intent is another delegation. */
  readonly intent: string
  readonly scope: Scope
  /** A claim of the task's creator unless `environmentProved`; an unproved sandbox counts as a laptop. */
  readonly environment: Environment
  readonly environmentProved: boolean
  /** Absolute path of the folder that relative paths of the task mean; absent = none. */
  readonly workspace?: string
  readonly budget: Budget
  readonly origin: TaskOrigin
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly expires: number
  readonly parent?: TaskId
  /** Of a root that a workload began: what its verified token said. */
  readonly workload?: Workload
  /** Of a task as which a sub-agent acts, over the connection of a task above it: it has no token of its own. */
  readonly subAgent?: SubAgentName
  /** The key or certificate (`core/holder.ts`) whose holder alone may use the task; absent = whoever has a token of it may. */
  readonly holder?: string
  readonly revoked?: { readonly at: number; readonly by: HumanId; readonly reason: string }
  /** Its work is done, said by its human or by itself. */
  readonly completed?: { readonly at: number; readonly by: string }
}

/**
 * Where a task counts as running: what was proved, else a laptop. A claim may only make a decision stricter, so
 * that a claimed `staging` or `production` stands and a claimed `sandbox` or `ci` does not.
 */
export function effectiveEnvironment(task: Pick<Task, 'environment' | 'environmentProved'>): Environment {
  const { environment, environmentProved } = task
  const stricter = environment === 'staging' || environment === 'production'
  return environmentProved || stricter ? environment : 'laptop'
}

/** A task with its ancestors, nearest first: every one of them must permit a call. */
export interface TaskChain {
  readonly task: Task
  readonly ancestors: readonly Task[]
}

export const TASK_STATES = ['active', 'completed', 'expired', 'revoked'] as const
export type TaskState = (typeof TASK_STATES)[number]

/** Revocation and completion outrank expiry, so that a record says what somebody did. */
export function taskState(task: Pick<Task, 'revoked' | 'completed' | 'expires'>, now: number): TaskState {
  if (task.revoked !== undefined) return 'revoked'
  if (task.completed !== undefined) return 'completed'
  return now >= task.expires ? 'expired' : 'active'
}

/** The root's own state is the leaf's: the first ancestor that is not active decides for all below it. */
export function chainState(
  chain: TaskChain,
  now: number,
): { readonly state: TaskState; readonly task: Task } {
  for (const task of [chain.task, ...chain.ancestors]) {
    const state = taskState(task, now)
    if (state !== 'active') return { state, task }
  }
  return { state: 'active', task: chain.task }
}
