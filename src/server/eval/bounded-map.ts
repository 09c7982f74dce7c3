/** A map that drops what was not used for longest once it holds too much. */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly weight: number }>()
  readonly #limits: { readonly count: number; readonly weight: number }
  readonly #dropped: (value: Value) => void
  #weight = 0

  constructor(
    limits: { readonly count: number; readonly weight?: number },
    dropped: (value: Value) => void = () => {},
  ) {
    this.#limits = { count: limits.count, weight: limits.weight ?? Number.POSITIVE_INFINITY }
    this.#dropped = dropped
  }

  get size(): number {
    return this.#entries.size
  }

  /** The entry counts as just used. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: Value, weight = 0): void {
    this.delete(key)
    this.#entries.set(key, { value, weight })
    this.#weight += weight
    while (this.#entries.size > this.#limits.count || this.#weight > this.#limits.weight) {
      const [oldest] = this.#entries
      if (oldest === undefined || oldest[0] === key) return
      this.delete(oldest[0])
      this.#dropped(oldest[1].value)
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#weight -= entry.weight
  }
}
