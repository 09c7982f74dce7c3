/** Each bucket is wider than the one before by this factor, so that a figure read from it is within 1 %. */
const GROWTH = 1.02
const SMALLEST = 0.1

/** Counts of durations in buckets, so that percentiles of any number of them take constant memory. */
export class Histogram {
  readonly #buckets: number[] = []
  #count = 0

  add(micros: number): void {
    const bucket = micros <= SMALLEST ? 0 : Math.ceil(Math.log(micros / SMALLEST) / Math.log(GROWTH))
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
    this.#count += 1
  }

  /** @param share 0.5 for the median. @returns microseconds with one decimal; 0 when nothing was counted. */
  percentile(share: number): number {
    const rank = Math.ceil(this.#count * share)
    let seen = 0
    for (let bucket = 0; bucket < this.#buckets.length; bucket += 1) {
      seen += this.#buckets[bucket] ?? 0
      if (seen >= rank && seen > 0) return Math.round(SMALLEST * GROWTH ** (bucket - 0.5) * 10) / 10
    }
    return 0
  }
}
