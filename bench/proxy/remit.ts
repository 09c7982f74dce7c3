import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = join(ROOT, 'src', 'cli', 'main.ts')

export interface RunningRemit {
  readonly child: ChildProcess
  readonly url: string
  readonly token: string
  stop(): Promise<void>
}

/** The gateway as a user runs it, default pack and durable ledger, with its state under `folder`. */
export async function startRemit(folder: string, upstream: string): Promise<RunningRemit> {
  const home = mkdtempSync(join(folder, 'remit-bench-'))
  const [agent, admin] = [await freePort(), await freePort()]
  mkdirSync(join(home, 'workspace'))
  writeFileSync(join(home, 'remit.yaml'), config({ home, upstream, agent, admin }))
  const env = { ...process.env, REMIT_APPROVER: 'bench:bench-approver-code-0001', REMIT_LOG_LEVEL: 'warn' }
  const child = spawn(process.execPath, [MAIN, 'start', '--config', join(home, 'remit.yaml')], {
    cwd: home,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await ready(`http://localhost:${admin}/readyz`)
  const made = spawnSync(
    process.execPath,
    [
      MAIN,
      'task',
      'create',
      '--config',
      join(home, 'remit.yaml'),
      '--workflow',
      'bench',
      '--intent',
      'measure',
      '--json',
    ],
    { cwd: home, env, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`task create failed: ${made.stderr}`)
  const { token, url } = JSON.parse(made.stdout) as { token: string; url: string }
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => {
      child.once('exit', resolve)
    })
    child.kill('SIGTERM')
    await ended
    rmSync(home, { recursive: true, force: true })
  }
  return { child, url, token, stop }
}

function config(at: { home: string; upstream: string; agent: number; admin: number }): string {
  return `listen:
  agent: 127.0.0.1:${at.agent}
  admin: localhost:${at.admin}
state: ${at.home}/.remit
policies: [${ROOT}policies/coding-agent]
humans:
  - id: bench
    roles: [maintainer]
workflows:
  bench:
    description: measure
    environment: laptop
    lifetime: 2h
servers:
  echo:
    url: ${at.upstream}
    era: modern
    session: shared
    fileSystem: none
    tools:
      echo: { actions: [data.read] }
`
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
  }
  throw new Error(`${url} did not become ready`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
