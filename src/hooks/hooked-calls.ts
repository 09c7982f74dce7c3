import { canonicalJson } from '../core/canonical-json.ts'
import type { DecisionId, TaskId } from '../core/ids.ts'
import type { HookedTool, HookEvent } from './hook-event.ts'

/** A tool use that was let run, whose end the runtime has yet to tell. */
export interface HookedCall {
  readonly decision: DecisionId
  /** Milliseconds since the epoch at which it was let run. */
  readonly at: number
}

/** Of one task; a runtime that never tells how its tools ended keeps no more than this. */
const MOST_OPEN = 1_000

/**
 * The tool uses that run at agents, by task: an end is joined with its beginning by the agent's id of the use, or where
 * it gives none by session, tool and arguments, the oldest first.
 */
export class HookedCalls {
  readonly #tasks = new Map<TaskId, Map<string, HookedCall[]>>()

  /** @returns those that are given up to make room: their end will not be told. */
  add(task: TaskId, event: Told, call: HookedCall): readonly HookedCall[] {
    const open = this.#tasks.get(task) ?? new Map<string, HookedCall[]>()
    this.#tasks.set(task, open)
    const key = keyOf(event)
    open.set(key, [...(open.get(key) ?? []), call])
    if (open.size <= MOST_OPEN) return []
    const [oldest = key] = open.keys()
    const given = open.get(oldest) ?? []
    open.delete(oldest)
    return given
  }

  /** The one that ends with this event; undefined = none was let run here. */
  take(task: TaskId, event: Told): HookedCall | undefined {
    const open = this.#tasks.get(task)
    const key = keyOf(event)
    const [first, ...rest] = open?.get(key) ?? []
    if (rest.length > 0) open?.set(key, rest)
    else open?.delete(key)
    if (open?.size === 0) this.#tasks.delete(task)
    return first
  }

  /** Everything, for the gateway's end. */
  drain(): readonly HookedCall[] {
    const all = [...this.#tasks.values()].flatMap((open) => [...open.values()].flat())
    this.#tasks.clear()
    return all
  }
}

type Told = Pick<HookEvent, 'session'> & { readonly tool: HookedTool }

function keyOf({ session = '', tool }: Told): string {
  return tool.use === undefined
    ? canonicalJson([session, tool.server ?? '', tool.name, tool.arguments])
    : canonicalJson([session, tool.use])
}
