/** First and last index, both included. */
type Range = readonly [first: number, last: number]

/** Indices that come in ascending order, kept as runs. */
export class IndexRuns {
  readonly runs: [first: number, last: number][] = []

  add(index: number): void {
    const run = this.runs.at(-1)
    if (run?.[1] === index - 1) run[1] = index
    else this.runs.push([index, index])
  }
}

/** Sorted, and those that touch made one. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const merged: [first: number, last: number][] = []
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const run = merged.at(-1)
    if (run !== undefined && first <= run[1] + 1) run[1] = Math.max(run[1], last)
    else merged.push([first, last])
  }
  return merged
}

/** What of `these` is in none of `those`; both merged. */
export function* without(these: Iterable<Range>, those: readonly Range[]): Generator<Range> {
  let at = 0
  for (const [first, last] of these) {
    let from = first
    while ((those[at]?.[1] ?? Infinity) < from) at += 1
    for (let next = at; from <= last; next++) {
      const [start, end] = those[next] ?? [Infinity, Infinity]
      if (start > from) yield [from, Math.min(last, start - 1)]
      from = end + 1
    }
  }
}

/** What of `these` is in one of `those`; both merged. */
export function* within(these: readonly Range[], those: readonly Range[]): Generator<Range> {
  let at = 0
  for (const [first, last] of these) {
    while ((those[at]?.[1] ?? Infinity) < first) at += 1
    for (let next = at; (those[next]?.[0] ?? Infinity) <= last; next++) {
      const [start, end] = those[next] as Range
      yield [Math.max(first, start), Math.min(last, end)]
    }
  }
}
