import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ROOT } from '../support/running-gateway.ts'
import { endLeftovers } from './end-leftovers.ts'
import type { AgentSession } from './real-agent.ts'

export const HOOK = join(ROOT, 'bin', 'remit-hook')

export interface StdioServer {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export function connectCommand(session: AgentSession): StdioServer {
  const hooked = session.connected === undefined ? [] : ['--agent', session.connected]
  return {
    command: process.execPath,
    args: [join(ROOT, 'bin', 'remit'), 'connect', '--url', mcpUrl(session), ...hooked],
    env: {
      REMIT_TASK_TOKEN: session.connectToken,
      REMIT_TASK_KEY: join(session.home, 'task.key'),
      HOME: session.home,
      ...(session.deadline === undefined ? {} : { REMIT_HOOK_DEADLINE: String(session.deadline) }),
    },
  }
}

export function mcpUrl(session: AgentSession): string {
  return `${session.gatewayUrl}/mcp`
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
      REMIT_AGENT_URL: session.hookUrl ?? session.gatewayUrl,
      ...(session.deadline === undefined ? {} : { REMIT_HOOK_DEADLINE: String(session.deadline) }),
      ...session.env,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 240_000,
  })
  const printed = Promise.all([text(child.stdout), text(child.stderr)])
  await once(child, 'exit')
  endLeftovers(session.home)
  const [out, err] = await printed
  return `${out}\n${err}`
}
