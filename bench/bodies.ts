/**
 * What large answers and long lists cost, and how long they hold up the gateway's event loop: answers of 256 B to
 * 4 MiB as JSON, events and lines; a list of 1,000 tools. `--rounds N` (default 5).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startGateway } from '../test/support/running-gateway.ts'
import { load, modernBody, requestHeaders, type Target } from './proxy/load.ts'
import { cpuMicros, rssMiB, startScript } from './proxy/process.ts'
import { summary, writeResults } from './proxy/statistics.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const ROUNDS = Number(values.rounds)
const KIB = 1024
const SIZES = [
  { answer: 256, calls: 100 },
  { answer: 4 * KIB, calls: 100 },
  { answer: 256 * KIB, calls: 20 },
  { answer: 4 * KIB * KIB, calls: 5 },
]

const here = (file: string): string => fileURLToPath(new URL(`./proxy/${file}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'remit-bench-'))
const loopFile = join(folder, 'loop.json')
const json = await startScript('echo-upstream.ts', ['json'])
const sse = await startScript('echo-upstream.ts', ['sse'])
const many = await startScript('echo-upstream.ts', ['json', '998'])
const bare = await startScript('bare-proxy.ts', [json.url], { loopFile: `${loopFile}.bare` })
const TOOLS = 'tools: { blob: { actions: [data.read] } }'
const web = (key: string, url: string): string =>
  `  ${key}: { url: '${url}', era: modern, session: shared, fileSystem: none, trust: first-use, ${TOOLS} }\n`
const remit = await startGateway({
  env: { NODE_OPTIONS: `--import=${here('watch-loop.ts')}`, BENCH_LOOP: loopFile },
  config: () =>
    `servers:\n${web('json', json.url)}${web('sse', sse.url)}${web('many', many.url)}` +
    `  line: { command: '${process.execPath}', args: ['${here('echo-stdio.ts')}'], era: legacy, session: shared, fileSystem: none, ${TOOLS} }\n`,
})
const { token } = remit.task()
const pid = remit.child.pid ?? 0
const at = (key: string): Target => ({
  name: `remit, ${key}`,
  url: `${remit.agentUrl}/${key}`,
  tool: 'blob',
  token,
  pid,
})
const targets: readonly Target[] = [
  { name: 'bare proxy', url: bare.url, tool: 'blob', pid: bare.child.pid ?? 0 },
  at('json'),
  at('sse'),
  at('line'),
]

interface LoopDelay {
  readonly max: number
  readonly p99: number
  readonly busiest: number
}

interface Sample {
  readonly p50: number
  readonly cpu: number
  readonly loop: LoopDelay
}

/** Delays of the watched process's event loop since the last time, in milliseconds. */
async function loopDelay(of: number, file: string): Promise<LoopDelay> {
  rmSync(file, { force: true })
  process.kill(of, 'SIGUSR2')
  for (;;) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as LoopDelay
    } catch {
      await new Promise((resolve) => {
        setTimeout(resolve, 10)
      })
    }
  }
}

const samples = new Map<string, Sample[]>()
const note = (key: string, sample: Sample): void => {
  samples.set(key, [...(samples.get(key) ?? []), sample])
}
const idle: LoopDelay[] = []
for (const target of targets) {
  for (const { answer } of SIZES) await load(target, { connections: 1, calls: 3, bytes: 16, answer })
}
for (let round = 0; round < ROUNDS; round += 1) {
  await loopDelay(pid, loopFile)
  await new Promise((resolve) => {
    setTimeout(resolve, 500)
  })
  idle.push(await loopDelay(pid, loopFile))
  for (const { answer, calls } of SIZES) {
    for (const target of targets) {
      const watched = target.pid ?? 0
      const file = target.name === 'bare proxy' ? `${loopFile}.bare` : loopFile
      await loopDelay(watched, file)
      const before = cpuMicros(watched)
      const { p50 } = await load(target, { connections: 1, calls, bytes: 16, answer })
      const cpu = (cpuMicros(watched) - before) / calls
      const loop = await loopDelay(watched, file)
      note(`${target.name}, ${answer} B`, { p50, cpu, loop })
    }
  }
  const target = at('many')
  const body = modernBody('tools/list', {})
  const taken: number[] = []
  await loopDelay(pid, loopFile)
  const before = cpuMicros(pid)
  for (let call = 0; call < 20; call += 1) {
    const sent = performance.now()
    const response = await fetch(target.url, {
      method: 'POST',
      headers: requestHeaders(target, 'tools/list'),
      body,
    })
    if (!(await response.text()).includes('tool_997')) throw new Error('the list is not whole')
    taken.push(performance.now() - sent)
  }
  const cpu = (cpuMicros(pid) - before) / 20
  note('remit, list of 1000 tools', {
    p50: summary(taken).median,
    cpu,
    loop: await loopDelay(pid, loopFile),
  })
}

const results = [...samples].map(([key, list]) => ({
  key,
  p50: summary(list.map((each) => each.p50)),
  cpuMicros: summary(list.map((each) => each.cpu)),
  loopMax: summary(list.map(({ loop }) => loop.max)),
  loopBusiest: summary(list.map(({ loop }) => loop.busiest)),
}))
const pair = ({ min, median }: { min: number; median: number }): string =>
  `${min.toFixed(1)} (${median.toFixed(1)})`
console.log(
  `${ROUNDS} rounds; minimum (median) of rounds; ms, CPU in µs a call, delay of the event loop in ms`,
)
console.log(`event loop of an idle gateway: max ${pair(summary(idle.map(({ max }) => max)))}\n`)
for (const { key, p50, cpuMicros: cpu, loopMax, loopBusiest } of results) {
  console.log(
    `${key.padEnd(30)} p50 ${pair(p50).padEnd(16)} CPU ${pair(cpu).padEnd(22)} loop max ${pair(loopMax).padEnd(16)} busiest ${pair(loopBusiest)}`,
  )
}
const rss = Math.round(rssMiB(pid))
console.log(`\nRSS after the run: ${rss} MiB`)
writeResults('bodies', {
  rounds: ROUNDS,
  idleLoopMax: summary(idle.map(({ max }) => max)),
  results,
  rssMiB: rss,
})

for (const { child } of [json, sse, many, bare]) child.kill()
rmSync(folder, { recursive: true })
await remit.remove()
