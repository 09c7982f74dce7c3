import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'
import { keepPolicies, lendPolicies } from './shared-caches.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = join(ROOT, 'src', 'cli', 'main.ts')
/** Of the human `mona`, who is a maintainer. Long enough for the gateway to take it. */
export const APPROVER_CODE = 'mona-approver-code-0001'

export interface CommandResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A gateway as a user runs it: its own process, its own folder, free ports. */
export interface RunningGateway {
  readonly home: string
  readonly workspace: string
  readonly agentUrl: string
  readonly adminUrl: string
  readonly child: ChildProcess
  /** Everything that it printed. */
  output(): string
  remit(args: readonly string[], env?: NodeJS.ProcessEnv): CommandResult
  task(args?: readonly string[]): {
    readonly task: { readonly id: string }
    readonly token: string
    readonly url: string
  }
  kill(signal: NodeJS.Signals): Promise<void>
  /** Starts the same gateway again on the same folder, after `kill`. */
  restart(): Promise<RunningGateway>
  remove(): Promise<void>
}

export interface GatewayOptions {
  /** YAML of the `servers` key and whatever else, given the workspace; indented as at the top level. */
  readonly config: (at: { readonly home: string; readonly workspace: string }) => string
  /** Folder in which the gateway's home is made; default the system's temporary folder. */
  readonly under?: string
  readonly env?: NodeJS.ProcessEnv
  readonly policies?: readonly string[]
  /** Runs once before the first start. */
  readonly prepare?: (home: string) => void
  /** The configuration turns TLS on; `env.NODE_EXTRA_CA_CERTS` names the certificate. */
  readonly tls?: boolean
}

export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const home = mkdtempSync(join(options.under ?? tmpdir(), 'remit-'))
  const workspace = join(home, 'workspace')
  mkdirSync(workspace)
  const ports = { agent: await freePort(), admin: await freePort() }
  const policies = options.policies ?? [join(ROOT, 'policies', 'coding-agent')]
  writeFileSync(
    join(home, 'remit.yaml'),
    `listen:
  agent: 127.0.0.1:${ports.agent}
  admin: localhost:${ports.admin}
state: ${home}/.remit
policies: [${policies.join(', ')}]
humans:
  - id: alice
    teams: [payments]
    roles: [member]
  - id: mona
    teams: [payments]
    roles: [maintainer]
workflows:
  fix-tests:
    description: mend failing tests
    environment: laptop
    lifetime: 2h
    # Many tests and benches share one task.
    consent: { open: 1000000000, hourly: 1000000000 }
    # Benches repeat one call.
    loops: { repeated: { ask: 1000000000, deny: 1000000000 } }
${options.config({ home, workspace })}`,
  )
  options.prepare?.(home)
  lendPolicies(join(home, '.remit'))
  const gateway = await run(home, ports, options)
  keepPolicies(join(home, '.remit'))
  return gateway
}

async function run(
  home: string,
  ports: { readonly agent: number; readonly admin: number },
  options: GatewayOptions,
): Promise<RunningGateway> {
  const file = join(home, 'remit.yaml')
  const env = {
    ...process.env,
    REMIT_LOG_LEVEL: 'warn',
    ...options.env,
    REMIT_APPROVER: `mona:${APPROVER_CODE}`,
  }
  const child = spawn(process.execPath, [MAIN, 'start', '--config', file], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const scheme = options.tls ? 'https' : 'http'
  const adminUrl = `${scheme}://localhost:${ports.admin}`
  // A test cannot trust the certificate itself without restarting Node, so it waits for the text instead.
  if (options.tls) await said('remit is running', child, () => printed)
  else await ready(`${adminUrl}/readyz`, child, () => printed)

  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => {
      child.once('exit', resolve)
    })
    child.kill(signal)
    await ended
  }
  const remit = (args: readonly string[], extra: NodeJS.ProcessEnv = {}): CommandResult => {
    const { REMIT_APPROVER: _code, ...without } = env
    return spawnSync(process.execPath, [MAIN, ...args, '--config', file], {
      cwd: home,
      env: { ...without, ...extra },
      encoding: 'utf8',
      maxBuffer: 67_108_864,
    })
  }
  return {
    home,
    workspace: join(home, 'workspace'),
    agentUrl: `${scheme}://127.0.0.1:${ports.agent}/mcp`,
    adminUrl,
    child,
    output: () => printed,
    remit,
    task(args = []) {
      const base = ['task', 'create', '--workflow', 'fix-tests', '--intent', 'mend the failing tests']
      const made = remit([...base, '--workspace', join(home, 'workspace'), '--json', ...args])
      if (made.status !== 0) throw new Error(`task create failed: ${made.stderr}`)
      return JSON.parse(made.stdout) as ReturnType<RunningGateway['task']>
    },
    kill,
    restart: () => run(home, ports, options),
    async remove() {
      await kill('SIGKILL')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function ready(url: string, child: ChildProcess, printed: () => string): Promise<void> {
  for (let attempt = 0; attempt < 2_000; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}: ${printed()}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
  }
  throw new Error(`the gateway did not become ready: ${printed()}`)
}

async function said(text: string, child: ChildProcess, printed: () => string): Promise<void> {
  for (let attempt = 0; attempt < 2_000 && !printed().includes(text); attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}: ${printed()}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
  }
}
