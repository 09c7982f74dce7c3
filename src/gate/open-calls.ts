import type { DecisionId } from '../core/ids.ts'
import type { DecidedCall } from './build-records.ts'
import type { InspectedResult } from './inspect-result.ts'

/** An allowed call that is out. */
export interface OpenCall {
  readonly decided: DecidedCall
  /** Once its result came. */
  inspected?: InspectedResult
  /** Its server told of a secret while it worked. */
  toldSecret?: true
}

/** The allowed calls of this process that are still out: what an outcome must be joined with. */
export class OpenCalls {
  readonly #open = new Map<DecisionId, OpenCall>()

  add(decided: DecidedCall): void {
    this.#open.set(decided.id, { decided })
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
