import type { DecisionId, TaskId } from '../core/ids.ts'

/** A call that was let run elsewhere, whose end is yet to be told. */
export interface ReportedCall {
  readonly decision: DecisionId
  /** Milliseconds since the epoch at which it was let run. */
  readonly at: number
}

/** Of one task; who never tells how calls ended keeps no more than this. */
const MOST_OPEN = 1_000
/** Under one key: of calls that are told apart by nothing. */
const MOST_SAME = 100

/** The calls of this process that run where the gateway does not see them, by task and by whatever joins an end with them. */
export class ReportedCalls {
  readonly #tasks = new Map<TaskId, Map<string, ReportedCall[]>>()

  /** @returns those that are given up to make room: their end will not be told. */
  add(task: TaskId, key: string, call: ReportedCall): readonly ReportedCall[] {
    const open = this.#tasks.get(task) ?? new Map<string, ReportedCall[]>()
    this.#tasks.set(task, open)
    const same = [...(open.get(key) ?? []), call]
    open.set(key, same.slice(-MOST_SAME))
    if (open.size <= MOST_OPEN) return same.slice(0, -MOST_SAME)
    const [oldest = key] = open.keys()
    const given = open.get(oldest) ?? []
    open.delete(oldest)
    return [...same.slice(0, -MOST_SAME), ...given]
  }

  /** The oldest that was let run under this key; undefined = none was let run here. */
  take(task: TaskId, key: string): ReportedCall | undefined {
    const open = this.#tasks.get(task)
    const [first, ...rest] = open?.get(key) ?? []
    if (rest.length > 0) open?.set(key, rest)
    else open?.delete(key)
    if (open?.size === 0) this.#tasks.delete(task)
    return first
  }

  /** Everything, for the gateway's end. */
  drain(): readonly ReportedCall[] {
    const all = [...this.#tasks.values()].flatMap((open) => [...open.values()].flat())
    this.#tasks.clear()
    return all
  }
}
