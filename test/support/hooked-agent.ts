import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ROOT } from './running-gateway.ts'
import type { AgentOrder } from './scripted-agent.ts'

export interface HookRun {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A process that starts connections and hooks as an agent does. */
export interface HookedAgent {
  readonly pid: number
  /** Starts `remit connect`, and waits until hooks can find it. @returns where it is told of. */
  connect(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string>
  end(signal: NodeJS.Signals): Promise<void>
  hook(
    payload: object,
    options?: { readonly command?: string; readonly env?: NodeJS.ProcessEnv },
  ): Promise<HookRun>
  stop(): Promise<void>
}

/** @param runtime takes the place of XDG_RUNTIME_DIR. */
export function startAgent(runtime: string): HookedAgent {
  mkdirSync(runtime, { recursive: true, mode: 0o700 })
  const child = spawn(process.execPath, [join(ROOT, 'test', 'support', 'scripted-agent.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const results = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const order = async (what: AgentOrder): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(what)}\n`)
    return JSON.parse(String((await results.next()).value)) as unknown
  }
  const { pid = 0 } = child
  const environ = { PATH: process.env['PATH'], HOME: runtime, XDG_RUNTIME_DIR: runtime }
  return {
    pid,
    async connect(args, env) {
      const command = [join(ROOT, 'bin', 'remit'), 'connect', ...args]
      const started = (await order({ connect: { args: command, env: { ...environ, ...env } } })) as {
        pid: number
      }
      return registrationOf(join(runtime, 'remit', 'hooks'), pid, started.pid)
    },
    async end(signal) {
      await order({ end: signal })
    },
    async hook(payload, { command = `${join(ROOT, 'bin', 'remit-hook')} claude-code`, env = {} } = {}) {
      const hook = { command, payload: JSON.stringify(payload), env: { ...environ, ...env } }
      return (await order({ hook })) as HookRun
    },
    async stop() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

async function registrationOf(folder: string, agent: number, connection: number): Promise<string> {
  for (;;) {
    const place = namesIn(folder).find((name) => name.startsWith(`${agent}.`))
    const at = join(folder, place ?? '')
    const file =
      place === undefined ? undefined : namesIn(at).find((name) => name.endsWith(`.${connection}.key`))
    if (file !== undefined) return join(at, file)
    await setTimeout(20)
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
