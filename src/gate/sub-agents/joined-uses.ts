import type { TaskId } from '../../core/ids.ts'
import { dropOldest, MOST_CONNECTIONS } from './drop-oldest.ts'

/** Of one connection, whose runtime may never say that they ended. */
const MOST = 1_000

/**
 * Uses of the gateway's own tools, by the agent's id of the use: a hook told whose each is, and the call itself comes over
 * the connection that all sub-agents of the agent share.
 */
export class JoinedUses {
  readonly #uses = new Map<TaskId, Map<string, TaskId>>()

  add(connection: TaskId, use: string, child: TaskId): void {
    const uses = this.#uses.get(connection) ?? new Map<string, TaskId>()
    this.#uses.delete(connection)
    this.#uses.set(connection, uses)
    uses.set(use, child)
    dropOldest(uses, MOST)
    dropOldest(this.#uses, MOST_CONNECTIONS)
  }

  of(connection: TaskId, use: string): TaskId | undefined {
    return this.#uses.get(connection)?.get(use)
  }

  forget(connection: TaskId, use: string): void {
    const uses = this.#uses.get(connection)
    uses?.delete(use)
    if (uses?.size === 0) this.#uses.delete(connection)
  }
}
