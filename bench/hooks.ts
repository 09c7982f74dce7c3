import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { barePath } from '../test/support/bare-path.ts'
import { ROOT, startGateway } from '../test/support/running-gateway.ts'
import { writeResults } from './proxy/statistics.ts'

/**
 * What a hook costs an agent: time from its start to its end, each as agents start one, through a shell. The ways take turns, so
 * that what else the machine does falls on all of them; `true` is a hook that asks nobody, the request alone is one of the gateway
 * over a connection that stands. Then memory of what waits while a human thinks. Linux.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '60' } } })
const HOOK = `${join(ROOT, 'bin', 'remit-hook')} claude-code`
const runtime = mkdtempSync(join(tmpdir(), 'hk-'))
const nowhere = join(runtime, 'none')
mkdirSync(nowhere)
const paths = { bash: barePath(['cat', 'dirname', 'bash']), node: barePath(['cat', 'dirname']) }

const byConnection = { XDG_RUNTIME_DIR: runtime, HOME: runtime, PATH: process.env['PATH'] }
const gateway = await startGateway({ config: () => 'servers: {}\nhooks: { hold: 3s }' })
const { token } = gateway.task()
const connection = connect(['--agent', 'claude-code'])
while (!namesBelow(runtime).some((name) => name.endsWith('.key'))) await setTimeout(20)
const origin = new URL(gateway.agentUrl).origin
let uses = 0

interface Way {
  readonly name: string
  readonly command: string
  readonly env: NodeJS.ProcessEnv
}

const byToken = { HOME: nowhere, PATH: process.env['PATH'], REMIT_TOKEN: token, REMIT_AGENT_URL: origin }
const WAYS: readonly Way[] = [
  { name: 'true', command: 'true', env: byToken },
  { name: 'connection, curl', command: HOOK, env: byConnection },
  { name: 'connection, Node', command: HOOK, env: { ...byConnection, PATH: paths.node } },
  { name: 'token, curl', command: HOOK, env: byToken },
  { name: 'token, bash', command: HOOK, env: { ...byToken, PATH: paths.bash } },
  { name: 'token, Node', command: HOOK, env: { ...byToken, PATH: paths.node } },
]

const times = new Map(
  ['request alone', ...WAYS.map(({ name }) => name)].map((name) => [name, [] as number[]] as const),
)
for (let round = 0; round < Number(values.rounds) + 2; round += 1) {
  // The first rounds fill caches of the machine.
  const keep = (name: string, took: number): void => {
    if (round >= 2) times.get(name)?.push(took)
  }
  keep('request alone', await requestAlone())
  for (const way of WAYS) keep(way.name, await run(way))
}
const without = connect([])
await setTimeout(2_000)
const memory = {
  'remit connect': residentBelow(without.pid ?? 0),
  'remit connect --agent': residentBelow(connection.pid ?? 0),
  ...Object.fromEntries(
    await Promise.all(WAYS.slice(1).map(async (way) => [way.name, await waiting(way)] as const)),
  ),
}
report()
for (const each of [connection, without]) {
  each.stdin?.end()
  await once(each, 'exit')
}
await gateway.remove()
for (const folder of [runtime, ...Object.values(paths)]) rmSync(folder, { recursive: true, force: true })

function connect(more: readonly string[]): ChildProcess {
  const args = [join(ROOT, 'bin', 'remit'), 'connect', ...more, '--url', gateway.agentUrl]
  return spawn(process.execPath, args, {
    env: { ...byConnection, REMIT_TASK_TOKEN: gateway.task().token },
    stdio: ['pipe', 'ignore', 'inherit'],
  })
}

function namesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
}

function payload(command: string): string {
  return JSON.stringify({
    hook_event_name: 'PreToolUse',
    session_id: 'ses-1',
    cwd: gateway.workspace,
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: `use-${(uses += 1)}`,
  })
}

function start({ command, env }: Way, sent: string): ChildProcess {
  const child = spawn('/bin/sh', ['-c', command], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined)
  child.stdin.end(sent)
  return child
}

async function run(way: Way): Promise<number> {
  const began = performance.now()
  const child = start(way, payload('git status'))
  await once(child, 'close')
  const took = performance.now() - began
  if (child.exitCode === 0) return took
  throw new Error(`${way.name}: ${child.stderr === null ? '' : await text(child.stderr)}`)
}

async function requestAlone(): Promise<number> {
  const began = performance.now()
  const response = await fetch(`${origin}/hooks/v1/claude-code`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'remit-hook-form': 'command',
    },
    body: payload('git status'),
  })
  await response.text()
  if (response.status !== 200) throw new Error(`the gateway answered ${response.status}`)
  return performance.now() - began
}

/** Of a hook and all that it started, while the gateway waits for a human. */
async function waiting(way: Way): Promise<number> {
  const child = start(way, payload(`npm install left-pad-${uses}`))
  await setTimeout(1_500)
  const resident = residentBelow(child.pid ?? 0)
  await once(child, 'close')
  return resident
}

/** MB. Shared pages count for each process that has them, so it is an upper bound. */
function residentBelow(root: number): number {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(/^PPid:\s*(\d+)/m.exec(status(name))?.[1])] as const)
  const below = [root]
  for (const pid of below) below.push(...parents.filter(([, parent]) => parent === pid).map(([each]) => each))
  const sizes = below.map((pid) => Number(/^VmRSS:\s*(\d+)/m.exec(status(String(pid)))?.[1] ?? 0))
  return sizes.reduce((sum, size) => sum + size, 0) / 1024
}

function status(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

function report(): void {
  const rows = [...times].map(([name, list]) => {
    const sorted = list.toSorted((a, b) => a - b)
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return { name, min: at(0), p50: at(0.5), p99: at(0.99) }
  })
  for (const { name, ...each } of rows) {
    const ms = Object.entries(each).map(([what, value]) => `${what} ${value.toFixed(1)} ms`)
    console.log(`${name.padEnd(20)} ${ms.join('  ')}`)
  }
  console.log('MB while it waits', memory)
  writeResults('hooks', { rounds: Number(values.rounds), rows, memory })
}
