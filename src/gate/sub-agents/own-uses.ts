import type { Digest, TaskId } from '../../core/ids.ts'
import { JoinedCalls, type OwnCall } from './joined-calls.ts'
import { JoinedUses } from './joined-uses.ts'

/** A use of one of the gateway's own tools. */
export interface OwnUse extends OwnCall {
  /** The agent's id of it, where its calls over MCP have it too. */
  readonly use?: string
}

/** Which sub-agents use the gateway's own tools: by the agent's id of the use, else by what is called. Times in ms. */
export class OwnUses {
  readonly #uses = new JoinedUses()
  readonly #calls: JoinedCalls

  constructor(sha256: (text: string) => Digest) {
    this.#calls = new JoinedCalls(sha256)
  }

  add(connection: TaskId, own: OwnUse, by: { readonly child: TaskId; readonly at: number }): void {
    if (own.use === undefined) this.#calls.add(connection, own, by)
    else this.#uses.add(connection, own.use, by.child)
  }

  /** One that is known by what it calls is taken: it is meant once. */
  take(connection: TaskId, own: OwnUse, now: number): TaskId | undefined {
    return own.use === undefined ? this.#calls.take(connection, own, now) : this.#uses.of(connection, own.use)
  }

  /** One without an id was taken by its call; another of the same is not over. */
  forget(connection: TaskId, { use }: OwnUse): void {
    if (use !== undefined) this.#uses.forget(connection, use)
  }
}
