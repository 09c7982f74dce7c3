/** The clock of all replicas of a scenario: real time, and what nobody wanted to wait for. */
export class VirtualTime {
  #skipped = 0

  now(): number {
    return Date.now() + this.#skipped
  }

  /** @param seconds that pass at once. */
  pass(seconds: number): void {
    this.#skipped += seconds * 1_000
  }
}
