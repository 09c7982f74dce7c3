import type { FleetAgent } from '../../core/fleet.ts'
import type { TaskId } from '../../core/ids.ts'

/** What this process knows of whoever works for one task. */
export interface KnownTask {
  /** When a hook was last heard, milliseconds since the epoch; undefined = never. */
  heard: number | undefined
  /** Hooks that this process heard. */
  hooks: number
  /** Start reports that were taken in an hour, which is counted from the epoch. */
  reports: { readonly hour: number; readonly taken: number }
  /** Calls over MCP that the agent gave ids of their uses, and whose ends no hook told; undefined = it gives none. */
  uses: Set<string> | undefined
  /** By `keyOf`, the latest last. */
  readonly agents: Map<string, FleetAgent>
  /** Conversations that are on record. */
  readonly sessions: Set<string>
  /** What is on record as irregular, by reason and day. */
  readonly told: Set<string>
}

/** Tasks that are remembered; of more the ones that were silent longest are forgotten, and count as not hooked. */
const MOST_TASKS = 10_000

/** Looking is one read of a map; `touch` makes the task the latest. */
export class KnownTasks {
  readonly #tasks = new Map<TaskId, KnownTask>()

  get(task: TaskId): KnownTask | undefined {
    return this.#tasks.get(task)
  }

  touch(task: TaskId): KnownTask {
    const known = this.#tasks.get(task) ?? {
      heard: undefined,
      hooks: 0,
      reports: { hour: 0, taken: 0 },
      uses: undefined,
      agents: new Map<string, FleetAgent>(),
      sessions: new Set<string>(),
      told: new Set<string>(),
    }
    this.#tasks.delete(task)
    this.#tasks.set(task, known)
    const [oldest] = this.#tasks.size > MOST_TASKS ? this.#tasks.keys() : []
    if (oldest !== undefined) this.#tasks.delete(oldest)
    return known
  }
}

/** Where only its hooks were heard, the machine is not known. */
export function keyOf({ agent, machine }: Pick<FleetAgent, 'agent' | 'machine'>): string {
  return `${agent} ${machine?.id ?? ''}`
}

export function putKnown(known: KnownTask, agent: FleetAgent): void {
  known.agents.delete(keyOf(agent))
  known.agents.set(keyOf(agent), agent)
}

/** The latest, of that name or of any. */
export function latestOf(known: KnownTask, name?: string): FleetAgent | undefined {
  let latest: FleetAgent | undefined
  for (const each of known.agents.values()) if (name === undefined || each.agent === name) latest = each
  return latest
}
