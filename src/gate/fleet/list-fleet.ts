import type { Clock } from '../../core/clock.ts'
import { HOOK_STATES, hookStateOf, type FleetAgent, type HookState } from '../../core/fleet.ts'
import { type FleetProblem, fleetProblems } from '../../core/fleet-problems.ts'
import type { TenantId } from '../../core/ids.ts'
import type { Actor } from '../administration.ts'
import { reachesTask } from '../reach.ts'
import { type FleetStore, keptAgents } from './kept-agents.ts'

export type FleetCounts = Readonly<Record<HookState, number>>

export interface ListedAgent extends FleetAgent {
  readonly state: HookState
  readonly problems: readonly FleetProblem[]
}

/** Agents that the gateway has heard of within `hooks.keep`. */
export interface Fleet {
  /** Those within the actor’s reach, latest seen first. */
  list(actor: Actor): Promise<readonly ListedAgent[]>
  /** Of everybody. */
  counts(): Promise<FleetCounts>
}

export function createFleet(deps: {
  readonly store: FleetStore
  readonly tenant: TenantId
  readonly clock: Clock
  /** For how many milliseconds a hook that was heard counts. */
  readonly fresh: number
}): Fleet {
  const all = async (): Promise<readonly ListedAgent[]> => {
    const now = deps.clock.now()
    const agents = await keptAgents(deps.store, deps.tenant, now)
    return agents.map((agent) => {
      const listed = { ...agent, state: hookStateOf(agent, deps.fresh) }
      return { ...listed, problems: fleetProblems(listed, now) }
    })
  }
  return {
    list: async (actor) => (await all()).filter((agent) => reachesTask(actor, agent)),
    counts: async () => countStates(await all()),
  }
}

export function countStates(agents: readonly Pick<ListedAgent, 'state'>[]): FleetCounts {
  const of = (state: HookState): number => agents.filter((agent) => agent.state === state).length
  return Object.fromEntries(HOOK_STATES.map((state) => [state, of(state)])) as Record<HookState, number>
}
