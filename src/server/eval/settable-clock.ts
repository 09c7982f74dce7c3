import type { Clock } from '../../core/clock.ts'
import { SYSTEM_CLOCK } from '../system-clock.ts'

/** Stands still at the moment it was made, until the stream says another: the same input is decided alike twice. */
export class SettableClock implements Clock {
  #now: number
  #set = false

  constructor(now: number) {
    this.#now = now
  }

  /** Whether the stream has said what time it is. */
  get isSet(): boolean {
    return this.#set
  }

  set(now: number): void {
    this.#now = now
    this.#set = true
  }

  now(): number {
    return this.#now
  }

  micros(): number {
    return SYSTEM_CLOCK.micros()
  }
}
