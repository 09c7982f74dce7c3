import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ROOT } from '../support/running-gateway.ts'
import type { Step } from './model/script.ts'

export interface AgentSession {
  readonly program: string
  /** Its own, so that nothing of this machine's user is read. */
  readonly home: string
  readonly workspace: string
  readonly modelUrl: string
  /** Origin of the gateway's agent plane. */
  readonly gatewayUrl: string
  readonly token: string
  /** For `remit connect`, which binds its token to a key of its own. */
  readonly connectToken: string
  readonly mcp: 'stdio' | 'http' | 'none'
  /** Its hooks may ask over its connection: its name at the hook door. */
  readonly connected?: string
  /** Nothing answers at `gatewayUrl`. */
  readonly down?: true
  /** Beside what the driver sets. */
  readonly env?: Readonly<Record<string, string>>
  /** Seconds after which the hook's client gives up. */
  readonly deadline?: number
  /** Its configuration of hooks; default `remit-hook`. */
  readonly hooks?: object
  /** What it is told of permissions; default that it has them all. */
  readonly permissions?: readonly string[]
}

/** A coding agent as its users run it, without a terminal. */
export interface RealAgent {
  readonly name: string
  readonly package: string
  readonly version: string
  readonly binary: string
  shell(command: string): Step
  /** Absent = none that a model without metadata is offered. */
  edit?(path: string, content: string): Step
  /** Absent = it has no tool of its own for it. */
  read?(path: string): Step
  /** Lets it work until the script ends. @returns what it printed. */
  run(session: AgentSession): Promise<string>
}

export const PROMPT = 'go on'

/** As it stands in the configuration of an agent; `remit` is the gateway's name there. */
export const HOOK = join(ROOT, 'bin', 'remit-hook')

export function connectCommand(session: AgentSession): {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
} {
  return {
    command: process.execPath,
    args: [
      join(ROOT, 'bin', 'remit'),
      'connect',
      '--url',
      `${session.gatewayUrl}/mcp`,
      ...(session.connected === undefined ? [] : ['--agent', session.connected]),
    ],
    env: {
      REMIT_TASK_TOKEN: session.connectToken,
      REMIT_TASK_KEY: join(session.home, 'task.key'),
      HOME: session.home,
      ...(session.deadline === undefined ? {} : { REMIT_HOOK_DEADLINE: String(session.deadline) }),
    },
  }
}

export function writeConfig(file: string, content: object | string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2))
}

export async function runProgram(
  session: AgentSession,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  mkdirSync(join(session.home, 'tmp'), { recursive: true })
  const child = spawn(session.program, args, {
    cwd: session.workspace,
    env: {
      PATH: process.env['PATH'],
      HOME: session.home,
      TMPDIR: join(session.home, 'tmp'),
      REMIT_TOKEN: session.token,
      REMIT_AGENT_URL: session.gatewayUrl,
      ...(session.deadline === undefined ? {} : { REMIT_HOOK_DEADLINE: String(session.deadline) }),
      ...session.env,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 240_000,
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return `${out}\n${err}`
}
