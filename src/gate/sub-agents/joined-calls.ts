import { canonicalJson } from '../../core/canonical-json.ts'
import type { Digest, TaskId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { dropOldest, MOST_CONNECTIONS } from './drop-oldest.ts'

interface Expected {
  readonly child: TaskId
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Milliseconds between a hook and the call that it was about: some runtimes ask their human in between. */
const GOOD_FOR = 3_600_000
/** Of one connection, whose runtime may never make the calls. */
const MOST = 1_000
/** Of one tool with the same arguments. */
const MOST_SAME = 100

/**
 * Calls of the gateway's own tools by sub-agents of runtimes that give a call over MCP no id of its use: the next one of
 * this tool with these arguments is meant, once. Each is taken by its call alone, so that no more calls than the agent makes
 * itself are decided as its own.
 */
export class JoinedCalls {
  readonly #calls = new Map<TaskId, Map<string, readonly Expected[]>>()
  readonly #sha256: (text: string) => Digest

  constructor(sha256: (text: string) => Digest) {
    this.#sha256 = sha256
  }

  add(connection: TaskId, call: OwnCall, expected: Expected): void {
    const calls = this.#calls.get(connection) ?? new Map<string, readonly Expected[]>()
    this.#calls.delete(connection)
    this.#calls.set(connection, calls)
    const key = this.#keyOf(call)
    calls.set(key, [...(calls.get(key) ?? []), expected].slice(-MOST_SAME))
    dropOldest(calls, MOST)
    dropOldest(this.#calls, MOST_CONNECTIONS)
  }

  /** The one that was told of first; undefined = nobody told of any. */
  take(connection: TaskId, call: OwnCall, now: number): TaskId | undefined {
    const calls = this.#calls.get(connection)
    if (calls === undefined) return undefined
    const key = this.#keyOf(call)
    const [first, ...rest] = (calls.get(key) ?? []).filter(({ at }) => now - at < GOOD_FOR)
    if (rest.length > 0) calls.set(key, rest)
    else calls.delete(key)
    if (calls.size === 0) this.#calls.delete(connection)
    return first?.child
  }

  /** Arguments may be long. */
  #keyOf({ name, arguments: args }: OwnCall): string {
    return this.#sha256(canonicalJson([name, args]))
  }
}

/** A tool as its client calls it. */
export interface OwnCall {
  readonly name: string
  readonly arguments: JsonObject
}
