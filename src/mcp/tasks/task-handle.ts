import type { DecisionId, ServerKey, TaskId } from '../../core/ids.ts'
import type { Entropy } from '../../core/clock.ts'
import type { Json } from '../../core/json.ts'
import { JsonSeal } from '../seal-json.ts'
import type { TaskKind } from './task-shape.ts'

/** What the id of a task says that a client is given: where it runs, and whose it is. */
export interface TaskHandle {
  readonly task: TaskId
  /** Endpoint at which it was begun. */
  readonly endpoint: string
  readonly server: ServerKey
  readonly kind: TaskKind
  /** The server's own id. */
  readonly upstream: string
  readonly decision: DecisionId
}

/** Seals and opens the ids of tasks, so that one of another task or endpoint is the same as one that never was. */
export class TaskHandles {
  readonly #seal: JsonSeal

  constructor(deps: { readonly key: Uint8Array; readonly entropy: Entropy }) {
    this.#seal = new JsonSeal({ ...deps, purpose: 'remit task handle v1' })
  }

  seal(handle: TaskHandle): string {
    return this.#seal.seal({ ...handle })
  }

  /** @returns undefined for what was not made here, for this task and this endpoint. */
  open(
    text: Json | undefined,
    by: { readonly task: TaskId; readonly endpoint: string },
  ): TaskHandle | undefined {
    const held = typeof text === 'string' ? this.#seal.open(text) : undefined
    if (held === undefined || held['task'] !== by.task || held['endpoint'] !== by.endpoint) return undefined
    // What was sealed with this key for this purpose is what `seal` was given.
    return held as unknown as TaskHandle
  }
}
