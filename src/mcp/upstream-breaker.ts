import { RemitError } from '../core/errors.ts'

/** `gone` = there is nobody left to ask; whoever calls next finds out. */
export type Pulse = 'alive' | 'silent' | 'gone'

export interface BreakerTimes {
  /** Milliseconds until a silent server is asked again; doubles up to `longest`. */
  readonly first: number
  readonly longest: number
}

/**
 * Tells a server that accepts and never answers from one that has a slow tool. A call that timed out proves nothing,
 * so it makes the gateway ask for a sign of life; only when none comes are calls refused at once, until there is one.
 * No call of an agent is ever the trial.
 */
export class Breaker {
  readonly #times: BreakerTimes
  readonly #changed: (open: boolean) => void
  #asking = false
  #open = false
  #stopped = false
  #timer: NodeJS.Timeout | undefined

  /** @param changed told when calls begin and cease to be refused. */
  constructor(changed: (open: boolean) => void, times: BreakerTimes) {
    this.#changed = changed
    this.#times = times
  }

  get open(): boolean {
    return this.#open
  }

  /** @throws RemitError `upstream_unavailable` while the server shows no sign of life. */
  check(): void {
    if (!this.#open) return
    throw new RemitError(
      'upstream_unavailable',
      'the server accepts requests and answers none; nothing was sent, and it is asked for a sign of life every few seconds',
    )
  }

  /** Something was not answered in time. @param ask must come to an end by itself and never reject. */
  async suspect(ask: () => Promise<Pulse>): Promise<void> {
    if (this.#asking || this.#stopped) return
    this.#asking = true
    let delay = this.#times.first
    while ((await ask()) === 'silent' && !this.#stopped) {
      this.#set(true)
      await this.#pause(delay)
      delay = Math.min(delay * 2, this.#times.longest)
    }
    this.#asking = false
    this.#set(false)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #set(open: boolean): void {
    if (this.#open === open || this.#stopped) return
    this.#open = open
    this.#changed(open)
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, milliseconds)
      this.#timer.unref()
    })
  }
}
