import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ArgumentKind } from '../classify/argument-kinds.ts'
import type { Action } from '../core/actions.ts'
import { RemitError } from '../core/errors.ts'
import type { LoadedConfig } from './load-config.ts'
import { PACKAGE_ROOT } from './package-version.ts'

/** The demo's third server: a ticket tracker over Streamable HTTP, a process of its own. */
export interface TicketsProcess {
  readonly url: string
  stop(): Promise<void>
}

const PATIENCE = 20_000

/** Actions of its tools, since no catalogue knows a server of the project's own. */
const TOOLS: Readonly<
  Record<string, { readonly actions: Action[]; readonly arguments: Record<string, ArgumentKind> }>
> = {
  list_tickets: { actions: ['issue.read'], arguments: { state: 'plain' } },
  get_ticket: { actions: ['issue.read'], arguments: { id: 'record' } },
  comment_on_ticket: { actions: ['issue.write'], arguments: { id: 'record', comment: 'plain' } },
  close_ticket: { actions: ['issue.write'], arguments: { id: 'record', reason: 'plain' } },
}

/** @throws RemitError `upstream_unavailable` when it does not come up. */
export async function startTickets(): Promise<TicketsProcess> {
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'demo', 'tickets-server.ts'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  })
  try {
    const url = await firstLine(child)
    return { url, stop: () => stopChild(child) }
  } catch (cause) {
    await stopChild(child)
    throw new RemitError('upstream_unavailable', 'the demo’s ticket server did not start', { cause })
  }
}

/** The configuration with the ticket server in it, at the port that it got. */
export function withTickets(loaded: LoadedConfig, url: string): LoadedConfig {
  const tickets: LoadedConfig['config']['servers'][string] = {
    url,
    era: 'auto',
    session: 'shared',
    sandbox: { mode: 'auto', read: [], write: [], network: 'host' },
    fileSystem: 'none',
    timeout: 60_000,
    allowPrivate: false,
    tools: TOOLS,
    trust: 'updates',
    purpose: 'tickets of the demo project, over HTTP',
  }
  return { ...loaded, config: { ...loaded.config, servers: { ...loaded.config.servers, tickets } } }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the child has no output')
  const lines = createInterface({ input: child.stdout })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, PATIENCE, new Error('it said nothing in time'))
    lines.once('line', (line) => {
      clearTimeout(timer)
      resolve(line)
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`it ended with ${code}`))
    })
  })
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => {
    child.once('exit', resolve)
  })
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await ended
  clearTimeout(timer)
}
