/** A time in which a writer that had not stopped recorded nothing, not even its heartbeat. */
export interface Silence {
  readonly writer: string
  /** The last record before it. */
  readonly after: number
  /** RFC 3339. */
  readonly from: string
  /** Absent = it lasts. */
  readonly until?: string
}

interface Known {
  readonly index: number
  readonly at: string
  readonly stopped: boolean
  /** Milliseconds between heartbeats; undefined = it never said. */
  readonly interval: number | undefined
}

/** Beats that may be late or lost before it counts. */
const MISSED = 3

/** Watches writers' heartbeats (`ledger.heartbeat`: `data.interval`, `gateway.started`: `data.heartbeat`, in milliseconds) for times without one. */
export class WriterSilences {
  readonly #known = new Map<string, Known>()
  readonly found: Silence[] = []

  see(
    index: number,
    body: { readonly at?: unknown; readonly kind?: unknown; readonly data?: unknown },
    writer: string,
  ): void {
    const { at, kind } = body
    if (typeof at !== 'string') return
    const before = this.#known.get(writer)
    if (before !== undefined && isSilent(before, Date.parse(at))) {
      this.found.push({ writer, after: before.index, from: before.at, until: at })
    }
    const runs = kind === 'ledger.heartbeat' || kind === 'gateway.started'
    const interval = runs ? intervalOf(body.data) : before?.interval
    // A command that writes to the ledger of a gateway that stopped does not start it.
    const stopped = kind === 'gateway.stopped' || (before?.stopped === true && !runs)
    this.#known.set(writer, { index, at, stopped, interval })
  }

  /** @param now milliseconds since the epoch; for a ledger that may be written to right now. */
  end(now: number): void {
    for (const [writer, known] of this.#known) {
      if (isSilent(known, now)) this.found.push({ writer, after: known.index, from: known.at })
    }
  }
}

function isSilent({ at, stopped, interval }: Known, now: number): boolean {
  return !stopped && interval !== undefined && now - Date.parse(at) > MISSED * interval
}

function intervalOf(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const interval: unknown =
    'interval' in data ? data.interval : 'heartbeat' in data ? data.heartbeat : undefined
  return typeof interval === 'number' && interval > 0 ? interval : undefined
}
