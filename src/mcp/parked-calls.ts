import { RemitError } from '../core/errors.ts'
import type { DoorLimits } from './door-deps.ts'
import type { ParkedCall } from './parked-call.ts'

interface Parked<Run> {
  readonly call: ParkedCall
  readonly run: Run
  readonly timer: NodeJS.Timeout
}

/**
 * Calls that wait for their client's next request. They live in this process, with the server's open conversation: a
 * client that comes back to another replica, or after a restart, is told to begin anew.
 */
export class ParkedCalls<Run> {
  readonly #limits: DoorLimits
  readonly #calls = new Map<string, Parked<Run>>()

  constructor(limits: DoorLimits) {
    this.#limits = limits
  }

  /**
   * @param gaveUp called when nobody came back in time.
   * @throws RemitError `overloaded` when too many calls of this task wait.
   */
  keep(call: ParkedCall, run: Run, gaveUp: () => void): void {
    const task = taskOf(call)
    const own = [...this.#calls.values()].filter((parked) => taskOf(parked.call) === task)
    if (own.length >= this.#limits.parkedPerTask) {
      throw new RemitError('overloaded', 'too many calls of this task wait for answers; answer those first')
    }
    const timer = setTimeout(() => {
      this.#calls.delete(call.id)
      call.abort(new RemitError('upstream_interactive', 'the client did not bring the answer in time'))
      gaveUp()
    }, this.#limits.answerWait)
    this.#calls.set(call.id, { call, run, timer })
  }

  /** @throws RemitError `params_invalid` when it is not here, or was taken by another request already. */
  take(id: string): { readonly call: ParkedCall; readonly run: Run } {
    const parked = this.#calls.get(id)
    if (parked === undefined) {
      throw new RemitError(
        'params_invalid',
        'the call that this `requestState` belongs to does not wait here any more (it was answered, ended, or waits at another replica); send the call anew',
      )
    }
    this.#calls.delete(id)
    clearTimeout(parked.timer)
    return parked
  }

  close(): void {
    for (const { call, timer } of this.#calls.values()) {
      clearTimeout(timer)
      call.abort(new RemitError('upstream_unavailable', 'the gateway is stopping'))
    }
    this.#calls.clear()
  }
}

function taskOf(call: ParkedCall): string {
  return call.exchange.caller.chain.task.id
}
