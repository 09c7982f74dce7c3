import { readLedger } from '../support/fuzz/allowed-calls.ts'
import { startFuzzedGateway, type FuzzedGateway } from '../support/fuzz/fuzzed-gateway.ts'
import { gather, judge, judgeEnd } from '../support/fuzz/judge.ts'
import { makeCase, type Case } from '../support/fuzz/make-case.ts'
import { RawConnection, type Heard } from '../support/fuzz/raw-connection.ts'

/** `REMIT_FUZZ_SEED`, `_FROM`, `_COUNT` and `_MUTATIONS` replay and shrink: one case is `_FROM=<index> _COUNT=1`. */
export interface FuzzRun {
  readonly seed: number
  readonly from: number
  readonly count: number
  /** Mutations of one case at most. */
  readonly most: number
}

export interface FuzzFindings {
  readonly requests: number
  readonly answered: number
  readonly decisions: number
  readonly ran: number
  readonly records: number
  /** Bytes after collection. */
  readonly memory: { readonly warm: Memory; readonly end: Memory }
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>
  readonly seconds: number
  /** Everything that must not be; each names the case that replays it. */
  readonly wrong: readonly string[]
  readonly verify: string
  readonly withoutOutcome: number
}

type Memory = Awaited<ReturnType<FuzzedGateway['memory']>>

const WORKERS = 16
const PIPELINE = 8
/** Cases between two looks at the gateway, which undo what stops everything: some of them halt whatever runs. */
const ROUND = 4_000
/** Looks in a run, however short. */
const LOOKS = 6
/** A run of more cases says how it goes. */
const LONG = 50_000
/** What is shown of a run that is wrong all over. */
const SHOWN = 40

export function fuzzRun(count: number): FuzzRun {
  const { REMIT_FUZZ_SEED, REMIT_FUZZ_FROM, REMIT_FUZZ_COUNT, REMIT_FUZZ_MUTATIONS } = process.env
  return {
    seed: Number(REMIT_FUZZ_SEED ?? 20_260_728),
    from: Number(REMIT_FUZZ_FROM ?? 0),
    count: Number(REMIT_FUZZ_COUNT ?? count),
    most: Number(REMIT_FUZZ_MUTATIONS ?? 9),
  }
}

/** Sends mutated requests to both planes of a running gateway, and holds its ledger against what its servers were asked. */
export async function fuzzWire(run: FuzzRun): Promise<FuzzFindings> {
  const fuzzed = await startFuzzedGateway()
  const began = performance.now()
  const fuzzer = new WireFuzzer(fuzzed, run)
  try {
    const { from, count } = run
    const round = Math.min(ROUND, Math.ceil(count / LOOKS))
    let warm: Memory | undefined
    for (let at = from; at < from + count && fuzzer.goesOn; at += round) {
      await fuzzer.round(at, Math.min(at + round, from + count))
      if (warm === undefined && (at - from + round) * 8 >= count) warm = await fuzzed.memory()
      if (count > LONG) console.log(`${String(at + round - from)} requests, ${seconds(began)} s`)
    }
    const end = await fuzzed.memory()
    const ledger = await readLedger(fuzzed.gateway)
    const ran = fuzzed.ran()
    for (const key of undecided(ran, ledger.allowed))
      fuzzer.complain(`a call ran that was not allowed: ${key}`)
    const { decisions, records, verify, withoutOutcome } = ledger
    return {
      ...fuzzer.counts(),
      decisions,
      records,
      verify,
      withoutOutcome,
      ran: ran.length,
      memory: { warm: warm ?? end, end },
      seconds: Number(seconds(began)),
      wrong: fuzzer.wrong,
    }
  } finally {
    await fuzzed.remove()
  }
}

/** Keys that ran oftener than they were allowed. */
function undecided(ran: readonly string[], allowed: ReadonlyMap<string, number>): readonly string[] {
  const left = new Map(allowed)
  return ran.filter((key) => {
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count <= 0
  })
}

class WireFuzzer {
  readonly wrong: string[] = []
  readonly #fuzzed: FuzzedGateway
  readonly #run: FuzzRun
  readonly #statuses: Record<string, number> = {}
  #requests = 0
  #answered = 0
  #logSeen = 0

  constructor(fuzzed: FuzzedGateway, run: FuzzRun) {
    this.#fuzzed = fuzzed
    this.#run = run
  }

  get goesOn(): boolean {
    const { child } = this.#fuzzed.gateway
    return child.exitCode === null && child.signalCode === null && this.wrong.length < SHOWN
  }

  counts(): Pick<FuzzFindings, 'requests' | 'answered' | 'statuses'> {
    return { requests: this.#requests, answered: this.#answered, statuses: this.#statuses }
  }

  complain(what: string, cases: readonly Case[] = []): void {
    if (this.wrong.length >= SHOWN) return
    const shown = cases.slice(0, 8).map(({ index, plane, done, pieces }) => {
      const bytes = JSON.stringify(this.#short(Buffer.concat(pieces).toString('latin1')))
      return `  case ${String(index)} (${plane}; ${done.join(', ')}): ${bytes}`
    })
    const told = [`seed ${String(this.#run.seed)}: ${what}`, ...shown].join('\n')
    this.wrong.push(told)
    if (this.#run.count > LONG) console.log(told)
  }

  /** Without what is long and the same in every case. */
  #short(text: string): string {
    const { tokens, revoked } = this.#fuzzed.known
    const named = [
      ...tokens.map((token, at) => [token, `<token ${String(at)}>`] as const),
      [revoked, '<revoked>'] as const,
    ]
    return named.reduce((rest, [token, name]) => rest.replaceAll(token, name), text).slice(0, 900)
  }

  /** Cases `from` up to `to`, then a look at the gateway. */
  async round(from: number, to: number): Promise<void> {
    let next = from
    const worker = async (): Promise<void> => {
      const lanes = { agent: this.#connect('agent'), admin: this.#connect('admin') }
      for (let at = next; at < to && this.goesOn; at = next) {
        next = at + PIPELINE * 2
        await this.#send(at, Math.min(next, to), lanes)
      }
      lanes.agent.destroy()
      lanes.admin.destroy()
    }
    await Promise.all(Array.from({ length: WORKERS }, worker))
    await this.#look()
  }

  async #send(from: number, to: number, lanes: Record<'agent' | 'admin', RawConnection>): Promise<void> {
    const { seed, most } = this.#run
    const { known } = this.#fuzzed
    const cases = Array.from({ length: to - from }, (_, at) =>
      makeCase({ seed, index: from + at }, known, most),
    )
    this.#requests += cases.length
    const alone = cases
      .filter((one) => !one.framed || one.streams)
      .map(async (one) => this.#hear([one], await this.#connect(one.plane).alone(one)))
    const piped = (['agent', 'admin'] as const).map(async (plane) => {
      const queue = cases.filter((one) => one.framed && !one.streams && one.plane === plane)
      // A connection that was closed in the middle is followed by another, so that every case is sent to its end.
      for (let left = queue; left.length > 0;) {
        if (!lanes[plane].usable) lanes[plane] = this.#connect(plane)
        const heard = await lanes[plane].pipeline(left)
        this.#hear(left, heard)
        left = left.slice(Math.max(1, heard.answers.length))
      }
    })
    await Promise.all([...alone, ...piped])
  }

  #connect(plane: 'agent' | 'admin'): RawConnection {
    return new RawConnection(this.#fuzzed.known.ports[plane])
  }

  #hear(cases: readonly Case[], heard: Heard): void {
    const ending = judgeEnd(cases, heard)
    if (ending !== undefined) this.complain(ending, cases)
    for (const [at, answer] of heard.answers.entries()) {
      this.#answered += 1
      this.#statuses[answer.status] = (this.#statuses[answer.status] ?? 0) + 1
      const one = cases[Math.min(at, cases.length - 1)]
      if (one === undefined) continue
      const fault = judge(one, answer)
      if (fault !== undefined) this.complain(fault, [one])
      gather(this.#fuzzed.known, answer)
    }
  }

  async #look(): Promise<void> {
    const { gateway } = this.#fuzzed
    if (!this.goesOn) return this.complain(`the gateway ended: ${gateway.output().slice(-2_000)}`)
    const healthy = await fetch(`${gateway.adminUrl}/readyz`, { signal: AbortSignal.timeout(20_000) }).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (!healthy) this.complain('the gateway is not ready any more')
    await this.#fuzzed
      .heal()
      .catch((error: unknown) => this.complain(`no ordinary work is done any more: ${String(error)}`))
    const fresh = gateway.output().slice(this.#logSeen)
    this.#logSeen = gateway.output().length
    const failed = fresh
      .split('\n')
      .filter((line) => /"?code"?[:=] ?"?internal|door failed|answer_failed/.test(line))
    for (const line of failed.slice(0, 5))
      this.complain(`the log tells of a failure: ${line.slice(0, 1_500)}`)
  }
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1_000).toFixed(1)
}
