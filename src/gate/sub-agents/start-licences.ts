import type { DecisionId, TaskId } from '../../core/ids.ts'
import type { TaskChain } from '../../core/identity.ts'
import type { JsonObject } from '../../core/json.ts'
import { dropOldest, MOST_CONNECTIONS } from './drop-oldest.ts'
import type { SubAgent } from './sub-agent.ts'

/** A call that starts an agent, or goes on with one, and was let run: one sub-agent may begin by it. */
export interface StartLicence {
  readonly decision: DecisionId
  /** Whose call it was, and so whose child the sub-agent is. */
  readonly by: TaskChain
  readonly arguments: JsonObject
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Milliseconds between a call that starts an agent and the first that is heard of it. */
const GOOD_FOR = 300_000
/** Of one connection. */
const MOST = 100

/** Arguments that name the one agent that is gone on with, or the type of one that is started. */
const NAMES_ID = ['to', 'agent_id', 'id', 'resume', 'task_id']
const NAMES_TYPE = ['subagent_type', 'agent_type', 'agent_name']

/**
 * What this process let run and no sub-agent began by yet, so that the one act of starting one is decided once. What is
 * lost here (with the process, or at another replica) is decided anew.
 */
export class StartLicences {
  readonly #open = new Map<TaskId, readonly StartLicence[]>()

  add(connection: TaskId, licence: StartLicence): void {
    const open = this.#open.get(connection) ?? []
    this.#open.delete(connection)
    this.#open.set(connection, [...open, licence].slice(-MOST))
    dropOldest(this.#open, MOST_CONNECTIONS)
  }

  /**
   * The licence by which a sub-agent begins: one that names it, or its type, before others; of several the one of the
   * longest chain, which is the narrowest; then the oldest.
   * @param by task that must have called; absent = any of the connection.
   */
  find(connection: TaskId, told: SubAgent, at: { readonly now: number; readonly by?: TaskId | undefined }) {
    const open = this.#open.get(connection) ?? []
    return open
      .filter((each) => at.now - each.at < GOOD_FOR)
      .filter(({ by }) => at.by === undefined || by.task.id === at.by)
      .map((licence) => ({ licence, fits: fits(licence, told) }))
      .filter((each) => each.fits >= 0)
      .toSorted((a, b) => b.fits - a.fits || b.licence.by.ancestors.length - a.licence.by.ancestors.length)
      .at(0)?.licence
  }

  use(connection: TaskId, used: StartLicence): void {
    const rest = (this.#open.get(connection) ?? []).filter((each) => each !== used)
    if (rest.length > 0) this.#open.set(connection, rest)
    else this.#open.delete(connection)
  }
}

/** The type of agent that the call names; undefined = none. */
export function typeOfStart(licence: StartLicence | undefined): string | undefined {
  return textsAt(licence?.arguments, NAMES_TYPE)[0]
}

/** -1 = it is for another one. */
function fits(licence: StartLicence, { id, type }: SubAgent): number {
  const ids = textsAt(licence.arguments, NAMES_ID)
  if (ids.length > 0) return ids.includes(id) ? 2 : -1
  const wanted = typeOfStart(licence)
  if (wanted === undefined || type === undefined) return 0
  return wanted === type ? 1 : -1
}

function textsAt(args: JsonObject = {}, names: readonly string[]): readonly string[] {
  return names.map((name) => args[name]).filter((value) => typeof value === 'string')
}
