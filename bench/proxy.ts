/**
 * What an authorized, durably recorded call costs, beside a bare proxy and the direct way: interleaved rounds in
 * one run, so that ratios hold on a noisy machine. `--rounds N` (default 12), `--quick` for a look.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { load, type Round, type Target } from './proxy/load.ts'
import { cpuMicros, rssMiB, startScript } from './proxy/process.ts'
import { startGateway, type RunningGateway } from '../test/support/running-gateway.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '12' }, quick: { type: 'boolean', default: false } },
})
const ROUNDS = values.quick ? 2 : Number(values.rounds)
const SHAPES = [
  { connections: 1, calls: values.quick ? 100 : 400, bytes: 256 },
  { connections: 1, calls: values.quick ? 100 : 400, bytes: 4096 },
  { connections: 32, calls: values.quick ? 500 : 2500, bytes: 256 },
  { connections: 32, calls: values.quick ? 500 : 2500, bytes: 4096 },
]

const upstream = await startScript('echo-upstream.ts')
const bare = await startScript('bare-proxy.ts', [upstream.url])
const tmpfs = existsSync('/dev/shm') ? '/dev/shm' : undefined
const start = (under: string): Promise<RunningGateway> =>
  startGateway({
    under,
    config: () => `servers:
  echo:
    url: ${upstream.url}
    era: modern
    session: shared
    fileSystem: none
    tools:
      echo: { actions: [data.read] }
`,
  })
const onDisk = await start(tmpdir())
const onTmpfs = tmpfs === undefined ? undefined : await start(tmpfs)

const remitTarget = (name: string, remit: RunningGateway): Target => ({
  name,
  url: remit.agentUrl,
  tool: 'echo__echo',
  token: remit.task().token,
  ...(remit.child.pid === undefined ? {} : { pid: remit.child.pid }),
})
const targets: Target[] = [
  { name: 'direct', url: upstream.url, tool: 'echo' },
  {
    name: 'bare proxy',
    url: bare.url,
    tool: 'echo',
    ...(bare.child.pid === undefined ? {} : { pid: bare.child.pid }),
  },
  ...(onTmpfs === undefined ? [] : [remitTarget('remit (tmpfs)', onTmpfs)]),
  remitTarget('remit (disk)', onDisk),
]

interface Sample extends Round {
  readonly cpu: number
}
const samples = new Map<string, Sample[]>()
for (const target of targets) await load(target, { connections: 8, calls: 800, bytes: 256 })
for (let round = 0; round < ROUNDS; round += 1) {
  for (const shape of SHAPES) {
    for (const target of targets) {
      const before = target.pid === undefined ? Number.NaN : cpuMicros(target.pid)
      const measured = await load(target, shape)
      const after = target.pid === undefined ? Number.NaN : cpuMicros(target.pid)
      const key = `${target.name} c=${shape.connections} ${shape.bytes} B`
      samples.set(key, [...(samples.get(key) ?? []), { ...measured, cpu: (after - before) / shape.calls }])
    }
  }
}

const median = (list: number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN
const results = [...samples].map(([key, list]) => ({
  key,
  p50: { min: Math.min(...list.map((s) => s.p50)), median: median(list.map((s) => s.p50)) },
  p99: { min: Math.min(...list.map((s) => s.p99)), median: median(list.map((s) => s.p99)) },
  perSecond: { max: Math.max(...list.map((s) => s.perSecond)), median: median(list.map((s) => s.perSecond)) },
  cpuMicros: { min: Math.min(...list.map((s) => s.cpu)), median: median(list.map((s) => s.cpu)) },
}))
const rss = targets
  .filter((target) => target.pid !== undefined)
  .map((target) => ({ name: target.name, MiB: Math.round(rssMiB(target.pid ?? 0)) }))

const ratios = SHAPES.flatMap((shape) =>
  targets
    .filter((target) => target.name.startsWith('remit'))
    .map((target) => {
      const suffix = `c=${shape.connections} ${shape.bytes} B`
      const find = (name: string) => results.find((result) => result.key === `${name} ${suffix}`)
      const remit = find(target.name)
      const proxy = find('bare proxy')
      return {
        what: `${target.name} / bare proxy, ${suffix}`,
        cpuMin: (remit?.cpuMicros.min ?? 0) / (proxy?.cpuMicros.min ?? 0),
        cpuMedian: (remit?.cpuMicros.median ?? 0) / (proxy?.cpuMicros.median ?? 0),
        addedP50Min: (remit?.p50.min ?? 0) - (proxy?.p50.min ?? 0),
        addedP50Median: (remit?.p50.median ?? 0) - (proxy?.p50.median ?? 0),
      }
    }),
)

const round3 = (value: number): number => Math.round(value * 1000) / 1000
console.log(
  `${ROUNDS} interleaved rounds; minimum (median) of rounds; latency in ms, CPU of the proxy in µs a call\n`,
)
for (const { key, p50, p99, perSecond, cpuMicros: cpu } of results) {
  console.log(
    `${key.padEnd(32)} p50 ${p50.min.toFixed(2)} (${p50.median.toFixed(2)})  p99 ${p99.min.toFixed(2)} (${p99.median.toFixed(2)})  ` +
      `calls/s ${perSecond.max.toFixed(0)} (${perSecond.median.toFixed(0)})  CPU ${cpu.min.toFixed(0)} (${cpu.median.toFixed(0)})`,
  )
}
console.log()
for (const ratio of ratios) {
  console.log(
    `${ratio.what.padEnd(44)} CPU ×${ratio.cpuMin.toFixed(2)} (×${ratio.cpuMedian.toFixed(2)})  p50 +${ratio.addedP50Min.toFixed(2)} ms (+${ratio.addedP50Median.toFixed(2)})`,
  )
}
console.log(`\nRSS after the run: ${rss.map(({ name, MiB }) => `${name} ${MiB} MiB`).join(', ')}`)

if (!values.quick) {
  const folder = new URL('./results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const file = new URL('proxy.json', folder)
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    platform: process.platform,
  }
  const report = { date: new Date().toISOString(), machine, rounds: ROUNDS, results, ratios, rss }
  const rounded = JSON.stringify(
    report,
    (_key, value: unknown) => (typeof value === 'number' ? round3(value) : value),
    2,
  )
  writeFileSync(file, `${rounded}\n`)
}

upstream.child.kill()
bare.child.kill()
await onDisk.remove()
await onTmpfs?.remove()
