import { RemitError } from '../core/errors.ts'
import { sameHuman, Shares, type Party } from './upstream-shares.ts'

export interface SlotLimits {
  /** Requests that run at the same time. */
  readonly running: number
  /** Requests that may wait for a slot. */
  readonly waiting: number
  /** Milliseconds that one waits at most. */
  readonly patience: number
}

interface Place {
  readonly party: Party | undefined
  readonly enter: () => void
  readonly refuse: () => void
}

/**
 * Bounds how much of the gateway one slow server can hold, and how much of a server one task or human. Next is whoever
 * has the fewest running; a full queue makes room for whoever has fewer waiting than somebody else.
 */
export class Slots {
  readonly #limits: SlotLimits
  readonly #queue: Place[] = []
  readonly #shares = new Shares()
  readonly #waiting = new Shares()
  #running = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  /** True when a slot was free for this party and is now taken. */
  tryEnter(party: Party | undefined): boolean {
    if (!this.#shares.allows(party, this.#limits.running - this.#running)) return false
    this.#take(party)
    return true
  }

  /** Waits for a slot. @throws RemitError `overloaded`, or the reason of the signal. */
  wait(party: Party | undefined, signal: AbortSignal): Promise<void> {
    if (this.#queue.length >= this.#limits.waiting && !this.#makeRoom(party)) return Promise.reject(busy())
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        const index = this.#queue.indexOf(place)
        if (index === -1) return
        this.#queue.splice(index, 1)
        this.#waiting.add(party, -1)
      }
      const place: Place = {
        party,
        enter: () => {
          leave()
          resolve()
        },
        refuse: () => {
          leave()
          reject(busy())
        },
      }
      const onAbort = (): void => {
        leave()
        reject(signal.reason as Error)
      }
      const timer = setTimeout(place.refuse, this.#limits.patience)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(place)
      this.#waiting.add(party, 1)
    })
  }

  leave(party: Party | undefined): void {
    this.#running -= 1
    this.#shares.add(party, -1)
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      // Taken before anybody else can see it free.
      this.#take(next.party)
      next.enter()
    }
  }

  #take(party: Party | undefined): void {
    this.#running += 1
    this.#shares.add(party, 1)
  }

  /** Of those who may have a slot now: who has the fewest, and of these who came first. */
  #next(): Place | undefined {
    const free = this.#limits.running - this.#running
    let next: Place | undefined
    for (const place of this.#queue) {
      if (!this.#shares.allows(place.party, free)) continue
      if (next === undefined || this.#shares.compare(place.party, next.party) < 0) next = place
    }
    return next
  }

  /** Sends away who came last of those with the most waiting, unless the newcomer would have as many. */
  #makeRoom(party: Party | undefined): boolean {
    let most: Place | undefined
    for (const place of this.#queue) {
      if (most === undefined || this.#waiting.compare(place.party, most.party) >= 0) most = place
    }
    if (most === undefined) return false
    const waiting = this.#waiting
    const fewer = sameHuman(party, most.party)
      ? waiting.ofTask(party) + 1 < waiting.ofTask(most.party)
      : waiting.ofHuman(party) + 1 < waiting.ofHuman(most.party)
    if (fewer) most.refuse()
    return fewer
  }
}

function busy(): RemitError {
  return new RemitError('overloaded', 'too many requests wait for this server; try again later')
}
