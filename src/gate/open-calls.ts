import type { DecisionId } from '../core/ids.ts'
import type { DecidedCall } from './build-records.ts'
import type { InspectedResult } from './inspect-result.ts'

/** An allowed call that is out. */
export interface OpenCall {
  readonly decided: DecidedCall
  /** Once its result came. */
  inspected?: InspectedResult
  /** Aborts when the authority behind it ended. */
  readonly stop: AbortController
  /** Its server told of a secret while it worked. */
  toldSecret?: true
}

/** The allowed calls of this process that are still out: what an outcome must be joined with. */
export class OpenCalls {
  readonly #open = new Map<DecisionId, OpenCall>()

  /** @returns a signal that aborts when the authority behind the call ends. */
  add(decided: DecidedCall): AbortSignal {
    const stop = new AbortController()
    this.#open.set(decided.id, { decided, stop })
    return stop.signal
  }

  all(): readonly OpenCall[] {
    return [...this.#open.values()]
  }

  get(id: DecisionId): OpenCall | undefined {
    return this.#open.get(id)
  }

  take(id: DecisionId): OpenCall | undefined {
    const found = this.#open.get(id)
    this.#open.delete(id)
    return found
  }

  get size(): number {
    return this.#open.size
  }
}
