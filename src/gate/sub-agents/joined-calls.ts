import { canonicalJson } from '../../core/canonical-json.ts'
import type { TaskId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'

interface Expected {
  readonly child: TaskId
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Milliseconds between a hook and the call that it was about. */
const GOOD_FOR = 60_000
/** Of one connection, whose runtime may never make the calls. */
const MOST = 1_000

/**
 * Calls of the gateway's own tools by sub-agents of runtimes that give a call over MCP no id of its use: the next one of
 * this tool with these arguments is meant, once.
 */
export class JoinedCalls {
  readonly #calls = new Map<TaskId, Map<string, readonly Expected[]>>()

  add(connection: TaskId, call: OwnCall, expected: Expected): void {
    const calls = this.#calls.get(connection) ?? new Map<string, readonly Expected[]>()
    this.#calls.set(connection, calls)
    const key = keyOf(call)
    calls.set(key, [...(calls.get(key) ?? []), expected].slice(-MOST))
    const [oldest] = calls.keys()
    if (calls.size > MOST && oldest !== undefined) calls.delete(oldest)
  }

  /** The one that was told of first; undefined = nobody told of any. */
  take(connection: TaskId, call: OwnCall, now: number): TaskId | undefined {
    const calls = this.#calls.get(connection)
    if (calls === undefined) return undefined
    const key = keyOf(call)
    const [first, ...rest] = (calls.get(key) ?? []).filter(({ at }) => now - at < GOOD_FOR)
    if (rest.length > 0) calls.set(key, rest)
    else calls.delete(key)
    if (calls.size === 0) this.#calls.delete(connection)
    return first?.child
  }
}

/** A tool as its client calls it. */
export interface OwnCall {
  readonly name: string
  readonly arguments: JsonObject
}

function keyOf({ name, arguments: args }: OwnCall): string {
  return canonicalJson([name, args])
}
