/** The time and randomness that a layer is given, so that every decision can be made again. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number
  /** Monotonic, microseconds, for durations only. */
  micros(): number
}

export interface Entropy {
  /** A fresh array of `size` unpredictable bytes. */
  bytes(size: number): Uint8Array
}
