/**
 * One stdio server behind Remit, `mcp-proxy` and `supergateway` (fetched from npm when they are not there), for clients
 * of 2025-11-25 with a session each: interleaved rounds in one run. `--rounds N` (default 7), `--sessions N` (default
 * 100) for the run with many sessions.
 */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startGateway } from '../test/support/running-gateway.ts'
import { fetchPeers, startPeer } from './proxy/peers.ts'
import { cpuMicros, rssMiB } from './proxy/process.ts'
import type { Round } from './proxy/load.ts'
import { Sessions, type SessionTarget } from './proxy/session-load.ts'
import { summary, writeResults } from './proxy/statistics.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, sessions: { type: 'string', default: '100' } },
})
const ROUNDS = Number(values.rounds)
const MANY = Number(values.sessions)
const SHAPES = [
  { name: '1 session, 256 B', sessions: 1, calls: 150, args: { text: 'x'.repeat(256) } },
  { name: '16 sessions, 256 B', sessions: 16, calls: 600, args: { text: 'x'.repeat(256) } },
  { name: '16 sessions, 4 KiB', sessions: 16, calls: 600, args: { text: 'x'.repeat(4096) } },
]
const MANY_SHAPE = {
  name: `${MANY} sessions, 256 B`,
  sessions: MANY,
  calls: 1000,
  args: { text: 'x'.repeat(256) },
}

fetchPeers()
const script = fileURLToPath(new URL('./proxy/echo-stdio.ts', import.meta.url))
const under = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const remit = await startGateway({
  under,
  config: () =>
    `servers:\n  echo: { command: '${process.execPath}', args: ['${script}'], era: legacy, session: shared, fileSystem: none, tools: { echo: { actions: [data.read] } } }\n`,
})
const peers = [await startPeer('mcp-proxy', script), await startPeer('supergateway', script)]
// A task has at most 64 sessions.
const tokens = Array.from({ length: Math.ceil(MANY / 50) }, () => remit.task().token)
const targets: readonly SessionTarget[] = [
  { name: 'remit', url: `${remit.agentUrl}/echo`, tool: 'echo', tokens, pid: remit.child.pid ?? 0 },
  ...peers.map(({ name, url, child }) => ({ name, url, tool: 'echo', pid: child.pid ?? 0 })),
]

type Sample = Round & { readonly cpu: number }
const samples = new Map<string, Sample[]>()

async function measure(target: SessionTarget, shape: typeof MANY_SHAPE): Promise<void> {
  const sessions = new Sessions(target, shape.sessions)
  await sessions.open(shape.sessions)
  await sessions.run(Math.min(shape.sessions * 2, 64), shape.args)
  const before = cpuMicros(target.pid)
  const round = await sessions.run(shape.calls, shape.args)
  const cpu = (cpuMicros(target.pid) - before) / shape.calls
  await sessions.close()
  const key = `${target.name}: ${shape.name}`
  samples.set(key, [...(samples.get(key) ?? []), { ...round, cpu }])
}

for (const target of targets) await measure(target, { ...MANY_SHAPE, name: 'warm', sessions: 8, calls: 400 })
samples.clear()
for (let round = 0; round < ROUNDS; round += 1) {
  for (const shape of SHAPES) for (const target of targets) await measure(target, shape)
}
const refused: string[] = []
for (let round = 0; round < Math.min(ROUNDS, 3); round += 1) {
  for (const target of targets) {
    // It starts a process for each session, which is more than a small machine has memory for.
    if (target.name.startsWith('supergateway') && MANY > 32) continue
    await measure(target, MANY_SHAPE).catch((error: unknown) => refused.push(String(error)))
  }
}

const results = [...samples].map(([key, list]) => ({
  key,
  p50: summary(list.map(({ p50 }) => p50)),
  p99: summary(list.map(({ p99 }) => p99)),
  perSecond: summary(list.map(({ perSecond }) => perSecond)),
  cpuMicros: summary(list.map(({ cpu }) => cpu)),
}))
const pair = ({ min, median }: { min: number; median: number }, digits = 2): string =>
  `${min.toFixed(digits)} (${median.toFixed(digits)})`
console.log(`${ROUNDS} interleaved rounds; minimum (median); ms; CPU of the gateway's process in µs a call\n`)
for (const { key, p50, p99, perSecond, cpuMicros: cpu } of results) {
  console.log(
    `${key.padEnd(42)} p50 ${pair(p50).padEnd(14)} p99 ${pair(p99).padEnd(16)} calls/s ${perSecond.median.toFixed(0).padEnd(6)} CPU ${pair(cpu, 0)}`,
  )
}
const rss = targets.map(({ name, pid }) => ({ name, MiB: Math.round(rssMiB(pid)) }))
const ratios = [...SHAPES, MANY_SHAPE].flatMap((shape) => {
  const of = (name: string) => results.find(({ key }) => key === `${name}: ${shape.name}`)
  const own = of('remit')
  return peers.flatMap(({ name }) => {
    const other = of(name)
    if (own === undefined || other === undefined) return []
    const ratio = (pick: (result: (typeof results)[number]) => number): number => pick(own) / pick(other)
    return [
      {
        what: `remit / ${name}, ${shape.name}`,
        p50: ratio((result) => result.p50.median),
        p99: ratio((result) => result.p99.median),
        perSecond: ratio((result) => result.perSecond.median),
        cpuMin: ratio((result) => result.cpuMicros.min),
        cpuMedian: ratio((result) => result.cpuMicros.median),
      },
    ]
  })
})
console.log()
for (const { what, p50, p99, perSecond, cpuMin, cpuMedian } of ratios) {
  console.log(
    `${what.padEnd(52)} p50 ×${p50.toFixed(2)}  p99 ×${p99.toFixed(2)}  calls/s ×${perSecond.toFixed(2)}  CPU ×${cpuMin.toFixed(2)} (×${cpuMedian.toFixed(2)})`,
  )
}
console.log(`\nRSS after the run: ${rss.map(({ name, MiB }) => `${name} ${MiB} MiB`).join(', ')}`)
for (const why of refused) console.log(`not measured: ${why}`)
writeResults('peers', { rounds: ROUNDS, ledger: under, results, ratios, rss, refused })

for (const { child } of peers) child.kill()
await remit.remove()
