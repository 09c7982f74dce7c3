/** One stretch of commits. Latency in milliseconds, CPU of the bench's whole process in microseconds a record. */
export interface Measure {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly cpu: number
}

/**
 * Commits again and again, so many in flight at a time.
 * @param until number of commits, or until it is aborted.
 */
export async function measure(
  until: number | AbortSignal,
  inFlight: number,
  commit: () => unknown,
): Promise<Measure> {
  const waits: number[] = []
  let begun = 0
  const goesOn = (): boolean => (typeof until === 'number' ? begun < until : !until.aborted)
  const lane = async (): Promise<void> => {
    while (goesOn()) {
      begun += 1
      const start = performance.now()
      await commit()
      waits.push(performance.now() - start)
    }
  }
  const before = process.cpuUsage()
  const start = performance.now()
  await Promise.all(Array.from({ length: inFlight }, lane))
  const elapsed = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  waits.sort((a, b) => a - b)
  const at = (share: number): number => waits[Math.floor((waits.length - 1) * share)] ?? Number.NaN
  return {
    perSecond: (waits.length / elapsed) * 1_000,
    p50: at(0.5),
    p99: at(0.99),
    cpu: (user + system) / waits.length,
  }
}

/** Of each number by itself. */
export function medians(all: readonly Measure[]): Measure {
  const of = (name: keyof Measure): number =>
    round(all.map((each) => each[name]).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN)
  return { perSecond: of('perSecond'), p50: of('p50'), p99: of('p99'), cpu: of('cpu') }
}

/** To three digits. */
export function round(value: number): number {
  return Number(value.toPrecision(3))
}
