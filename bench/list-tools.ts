/**
 * What listing 1,000 tools of one server costs a client of the gateway, against the server itself. `--rounds N`
 * (default 8) of 25 lists each; the best round counts, since others use the machine.
 */
import { parseArgs } from 'node:util'
import { startGateway } from '../test/support/running-gateway.ts'
import { modernBody, requestHeaders, type Target } from './proxy/load.ts'
import { cpuMicros, startScript } from './proxy/process.ts'
import { summary, writeResults } from './proxy/statistics.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '8' } } })
const ROUNDS = Number(values.rounds)
const LISTS = 25

const many = await startScript('echo-upstream.ts', ['json', '998'])
const remit = await startGateway({
  config: () =>
    `servers:\n  many: { url: '${many.url}', era: modern, session: shared, fileSystem: none, trust: first-use, ` +
    `tools: { blob: { actions: [data.read] } } }\n`,
})
const { token } = remit.task()
const targets: readonly Target[] = [
  { name: 'the server itself', url: many.url, tool: 'blob', pid: many.child.pid ?? 0 },
  { name: 'remit', url: `${remit.agentUrl}/many`, tool: 'blob', token, pid: remit.child.pid ?? 0 },
]

interface Round {
  readonly p50: number
  readonly p99: number
  /** Microseconds a list. */
  readonly cpu: number
}

/** Milliseconds for each of the lists. */
async function round(target: Target): Promise<Round> {
  const body = modernBody('tools/list', {})
  const taken: number[] = []
  const before = cpuMicros(target.pid ?? 0)
  for (let list = 0; list < LISTS; list += 1) {
    const sent = performance.now()
    const headers = requestHeaders(target, 'tools/list')
    const response = await fetch(target.url, { method: 'POST', headers, body })
    const text = await response.text()
    taken.push(performance.now() - sent)
    if (!text.includes('tool_997')) throw new Error('the list is not whole')
  }
  const sorted = taken.toSorted((a, b) => a - b)
  const cpu = (cpuMicros(target.pid ?? 0) - before) / LISTS
  return { p50: sorted[Math.floor(LISTS / 2)] ?? 0, p99: sorted[LISTS - 1] ?? 0, cpu }
}

for (const target of targets) await round(target)
const rounds = new Map<string, Round[]>(targets.map(({ name }) => [name, []]))
for (let at = 0; at < ROUNDS; at += 1) {
  for (const target of targets) rounds.get(target.name)?.push(await round(target))
}
const results = [...rounds].map(([name, each]) => ({
  name,
  p50: summary(each.map(({ p50 }) => p50)),
  p99: summary(each.map(({ p99 }) => p99)),
  cpuMicros: summary(each.map(({ cpu }) => cpu)),
}))
console.log(`1,000 tools, ${ROUNDS} rounds of ${LISTS} lists: best (median) of rounds`)
for (const { name, p50, p99, cpuMicros: cpu } of results) {
  console.log(
    `${name.padEnd(18)} p50 ${p50.min.toFixed(1)} (${p50.median.toFixed(1)}) ms  p99 ${p99.min.toFixed(1)} (${p99.median.toFixed(1)}) ms  CPU ${(cpu.min / 1_000).toFixed(1)} (${(cpu.median / 1_000).toFixed(1)}) ms`,
  )
}
writeResults('list-tools', { rounds: ROUNDS, lists: LISTS, results })
many.child.kill()
await remit.remove()
