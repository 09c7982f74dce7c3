type Labels = Readonly<Record<string, string>>

/** Counters and gauges of one name, by labels, in Prometheus text format 0.0.4. */
export class MetricFamily {
  readonly #name: string
  readonly #head: string
  readonly #values = new Map<string, number>()

  constructor(name: string, type: 'counter' | 'gauge', help: string) {
    this.#name = name
    this.#head = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
  }

  /** A series from 0 on, and what adds one to it: the text of its labels is made once, not on every call. */
  counter(labels: Labels): () => void {
    const key = labelText(labels)
    this.#values.set(key, 0)
    return () => this.#values.set(key, (this.#values.get(key) ?? 0) + 1)
  }

  set(labels: Labels, value: number): void {
    this.#values.set(labelText(labels), value)
  }

  text(): string {
    return this.#head + [...this.#values].map(([key, value]) => `${this.#name}${key} ${value}\n`).join('')
  }
}

/** Counts of durations up to each bound, in seconds. */
export class DurationHistogram {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0
  #count = 0

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name
    this.#help = help
    this.#bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  observe(micros: number): void {
    const seconds = micros / 1e6
    this.#sum += seconds
    this.#count += 1
    for (let index = this.#bounds.length - 1; index >= 0; index -= 1) {
      if (seconds > (this.#bounds[index] ?? 0)) break
      this.#counts[index] = (this.#counts[index] ?? 0) + 1
    }
  }

  text(): string {
    const name = this.#name
    const buckets = this.#bounds.map(
      (bound, index) => `${name}_bucket{le="${bound}"} ${this.#counts[index]}\n`,
    )
    return `# HELP ${name} ${this.#help}
# TYPE ${name} histogram
${buckets.join('')}${name}_bucket{le="+Inf"} ${this.#count}
${name}_sum ${this.#sum}
${name}_count ${this.#count}
`
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLabel(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('"', String.raw`\"`)
}
