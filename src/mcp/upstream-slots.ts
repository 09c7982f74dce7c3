import { RemitError } from '../core/errors.ts'

export interface SlotLimits {
  /** Requests that run at the same time. */
  readonly running: number
  /** Requests that may wait for a slot. */
  readonly waiting: number
  /** Milliseconds that one waits at most. */
  readonly patience: number
}

/** Bounds how much of the gateway one slow server can hold. First come, first served. */
export class Slots {
  readonly #limits: SlotLimits
  readonly #queue: { enter: () => void }[] = []
  #running = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  /** True when a slot was free and is now taken. */
  tryEnter(): boolean {
    if (this.#running >= this.#limits.running) return false
    this.#running += 1
    return true
  }

  /** Waits for a slot. @throws RemitError `overloaded`, or the reason of the signal. */
  wait(signal: AbortSignal): Promise<void> {
    if (this.#queue.length >= this.#limits.waiting) return Promise.reject(busy())
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        const index = this.#queue.indexOf(place)
        if (index !== -1) this.#queue.splice(index, 1)
      }
      const place = {
        enter: () => {
          leave()
          resolve()
        },
      }
      const onAbort = (): void => {
        leave()
        reject(signal.reason as Error)
      }
      const timer = setTimeout(() => {
        leave()
        reject(busy())
      }, this.#limits.patience)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(place)
    })
  }

  leave(): void {
    const next = this.#queue.shift()
    // The slot changes hands without being free in between.
    if (next === undefined) this.#running -= 1
    else next.enter()
  }
}

function busy(): RemitError {
  return new RemitError('overloaded', 'too many requests wait for this server; try again later')
}
