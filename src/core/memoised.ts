/** A pure function that remembers what it made of the last texts; it forgets all of them when they are `most`. */
export function memoised<T extends object>(make: (text: string) => T, most = 1024): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const made = make(text)
    if (known.size >= most) known.clear()
    known.set(text, made)
    return made
  }
}
