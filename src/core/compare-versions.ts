/** Whether a version like `2.1.295` is before another, by their numbers; what is no such version is not. */
export function isOlder(version: string, than: string): boolean {
  const [mine, other] = [numbersOf(version), numbersOf(than)]
  if (mine === undefined || other === undefined) return false
  for (const [at, number] of other.entries()) {
    const own = mine[at] ?? 0
    if (own !== number) return own < number
  }
  return false
}

function numbersOf(version: string): readonly number[] | undefined {
  const [numbers] = /^\d{1,9}(?:\.\d{1,9}){0,3}/.exec(version.replace(/^v/, '')) ?? []
  return numbers?.split('.').map(Number)
}
