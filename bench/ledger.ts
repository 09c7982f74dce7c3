import { writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { type Measure, measure, medians, round } from './ledger/measure.ts'
import { commitOne, fill, type Place, postgresPlace, sqlitePlace, verified } from './ledger/place.ts'
import { startLoaded, underLoad } from './ledger/under-load.ts'
import type { Round } from './proxy/load.ts'
import { startPostgres } from '../test/support/postgres.ts'

/**
 * The ledger on SQLite and on PostgreSQL in one run: beside a plain durable INSERT a record, alone and under the proxy's load, and
 * as it grows. Everything is interleaved, so that ratios hold on a noisy machine. `--rounds N`; `--largest N` and `--postgres N`
 * records, up to which they grow.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    largest: { type: 'string', default: '1000000' },
    postgres: { type: 'string', default: '1000000' },
  },
})
const ROUNDS = Number(values.rounds)
const SIZES = [1_000, 10_000, 100_000, 1_000_000]
const COMMITS = { 1: 200, 16: 1_000, 64: 2_000 } as const
const CALLS = { connections: 32, calls: 800, bytes: 256 }

const results: Record<string, unknown> = {}
const server = await startPostgres()
const atStart = loadavg()[0]
try {
  const places = {
    SQLite: await sqlitePlace(tmpdir()),
    PostgreSQL: await postgresPlace(await server.createDatabase()),
  }
  await throughput(places)
  for (const [name, place] of Object.entries(places)) {
    console.log(`${name}: verify`, (results[`${name}: verify`] = await verified(place)))
  }
  await growth('SQLite', Number(values.largest), () => sqlitePlace(tmpdir()))
  await growth('PostgreSQL', Number(values.postgres), async () =>
    postgresPlace(await server.createDatabase()),
  )
} finally {
  await server.remove()
}
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
  platform: process.platform,
}
const load = [atStart, loadavg()[0]].map((each) => round(each ?? 0))
const file = new URL('results/ledger.json', import.meta.url)
const text = JSON.stringify(
  { date: new Date().toISOString(), machine, load, rounds: ROUNDS, results },
  null,
  2,
)
writeFileSync(file, `${text}\n`)

/** Each round does everything once, one after the other; the first one only warms up. */
async function interleaved(
  contenders: Readonly<Record<string, () => Promise<Measure>>>,
): Promise<Map<string, Measure>> {
  const rounds = new Map<string, Measure[]>()
  for (let round_ = -1; round_ < ROUNDS; round_++) {
    for (const [name, run] of Object.entries(contenders)) {
      const result = await run()
      if (round_ >= 0) rounds.set(name, [...(rounds.get(name) ?? []), result])
    }
  }
  return new Map([...rounds].map(([name, all]) => [name, medians(all)]))
}

async function throughput(places: Readonly<Record<string, Place>>): Promise<void> {
  const gateways = [await startLoaded('sqlite'), await startLoaded(await server.createDatabase())] as const
  const calls: Record<string, Round[]> = {}
  const contenders = Object.entries(places).flatMap(([name, place], which) => {
    const ledger = (inFlight: 1 | 16 | 64) => () =>
      measure(COMMITS[inFlight], inFlight, () => commitOne(place.store))
    return [
      [`${name}: plain INSERT`, () => measure(COMMITS[1], 1, () => place.plain())],
      [`${name}: ledger, 1 in flight`, ledger(1)],
      [`${name}: ledger, 16 in flight`, ledger(16)],
      [`${name}: ledger, 64 in flight`, ledger(64)],
      [
        `${name}: ledger, 1 in flight, under the proxy’s load`,
        async () => {
          const both = await underLoad(place, gateways[which === 0 ? 0 : 1], CALLS)
          calls[name] = [...(calls[name] ?? []), both.calls]
          return both.commits
        },
      ],
    ] as const
  })
  const measured = await interleaved(Object.fromEntries(contenders))
  for (const gateway of gateways) await gateway.stop()
  for (const [name, each] of measured) {
    const plain = measured.get(`${name.slice(0, name.indexOf(':'))}: plain INSERT`)
    const ratios = { perSecond: ratio(each.perSecond, plain?.perSecond), p99: ratio(each.p99, plain?.p99) }
    results[name] = { ...each, dividedByPlain: ratios }
  }
  for (const [name, all] of Object.entries(calls)) {
    const perSecond = all.map((each) => each.perSecond).toSorted((a, b) => a - b)[Math.floor(all.length / 2)]
    // A decision and an outcome.
    results[`${name}: records/s by the proxy’s calls, 32 connections`] = round((perSecond ?? 0) * 2)
  }
  console.log(results)
}

async function growth(kind: string, largest: number, make: () => Promise<Place>): Promise<void> {
  const sized: (readonly [number, Place])[] = []
  for (const size of SIZES.filter((each) => each <= largest)) {
    const place = await make()
    await fill(place, size)
    sized.push([size, place])
  }
  const commits = async (place: Place): Promise<Measure> => measure(400, 16, () => commitOne(place.store))
  const measured = await interleaved(
    Object.fromEntries(sized.map(([size, place]) => [`${size}`, () => commits(place)])),
  )
  const first = measured.get(`${SIZES[0]}`)
  for (const [size, place] of sized) {
    const each = measured.get(`${size}`)
    const { micros, bytes } = await verified(place)
    const row = {
      ...each,
      dividedByFirst: {
        perSecond: ratio(each?.perSecond, first?.perSecond),
        p50: ratio(each?.p50, first?.p50),
        p99: ratio(each?.p99, first?.p99),
        cpu: ratio(each?.cpu, first?.cpu),
      },
      verifyMicrosARecord: round(micros),
      bytesARecord: Math.round(bytes),
    }
    results[`${kind}, ${size} records`] = row
    console.log(kind, size, row)
  }
}

function ratio(a = Number.NaN, b = Number.NaN): number {
  return round(a / b)
}
