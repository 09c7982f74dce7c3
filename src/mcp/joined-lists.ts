interface Joined {
  readonly parts: readonly (readonly unknown[])[]
  readonly whole: readonly unknown[]
}

/** Lists of several servers as one: the same parts make the very same list, for as long as they are kept. */
export class JoinedLists {
  /** By the first part: the last list that began with it. */
  readonly #known = new WeakMap<readonly unknown[], Joined>()

  join<Entry>(parts: readonly (readonly Entry[])[]): readonly Entry[] {
    const [first] = parts
    if (first === undefined) return []
    if (parts.length === 1) return first
    const known = this.#known.get(first)
    if (known !== undefined && isSame(known.parts, parts)) {
      // INVARIANT: it was made of these very parts.
      return known.whole as readonly Entry[]
    }
    const whole = parts.flat() as readonly Entry[]
    this.#known.set(first, { parts, whole })
    return whole
  }
}

function isSame(a: Joined['parts'], b: Joined['parts']): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at])
}
