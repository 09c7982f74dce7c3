import { randomUUID } from 'node:crypto'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { HolderKey } from '../identity/holder-key.ts'
import { type ConnectOptions, runConnect } from '../mcp/connect-bridge.ts'
import { logInAgent } from './agent-login/log-in-agent.ts'
import { findEndpoint, readTaskToken } from './find-endpoint.ts'
import { holderKeyOf, type HolderPlace } from './holder-keys.ts'
import { type HookSocketOptions, openHookSocket } from './hook-socket/open-hook-socket.ts'
import { makeLoginFolder } from './init/gateway-connection.ts'
import { createLog } from './log.ts'
import { boxRelay } from './run-agent/box-relay.ts'
import { reportStart, type StartReportOptions } from './start-report/report-start.ts'
import { TaskAccess } from './task-access.ts'

export interface ConnectAgentOptions extends HolderPlace {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly writeLog: (line: string) => void
  /** Whose hooks may ask over this connection, as docs/hooks.md names it; absent = nobody's. */
  readonly agent?: string | undefined
  /** Ends the waiting for a human. */
  readonly stopped: AbortSignal
  /** The agent has no token: its human delegates a task to it now, or did before. */
  readonly login?: { readonly file?: string | undefined }
}

const AGENT = /^[a-z0-9-]{1,40}$/

/**
 * Bridges a stdio client to the gateway until its input ends.
 * @throws RemitError `token_missing`, `token_invalid`, `key_unusable`, `gateway_unreachable`, `input_invalid`, and what the
 * gateway answers to its first message.
 */
export async function connectAgent(options: ConnectAgentOptions): Promise<void> {
  const { input, output, writeLog, agent } = options
  if (agent !== undefined && !AGENT.test(agent)) {
    throw new RemitError('input_invalid', '`--agent` takes the name of an agent: `claude-code`, `codex`…')
  }
  const log = createLog({
    level: 'warn',
    format: 'pretty',
    colour: false,
    now: () => Date.now(),
    write: writeLog,
  })
  const common = { input, output, log, runtimeDeadline: hookDeadline(options.environ) }
  const relay = boxRelay(options)
  if (relay !== undefined) {
    await runConnect({ ...relay, ...common })
    return
  }
  const url = findEndpoint(options)
  const held = options.login === undefined ? heldTask(options, log) : await loggedIn(options, { url, log })
  const credentials = new TaskAccess({ endpoint: url, token: held.token, key: held.key })
  const hooks = await hookSocket(options, { endpoint: url, access: credentials, task: held.task }, log)
  const ended = new AbortController()
  const began = startReport(options, { endpoint: url, access: credentials, log, signal: ended.signal })
  try {
    await runConnect({ url, credentials, ...common, ...began })
  } finally {
    ended.abort()
    await hooks?.()
    await held.end?.()
  }
}

/** A task, as this process has it. */
interface HeldTask {
  readonly token: () => Promise<string>
  readonly key: HolderKey
  /** The same for all connections of the task. */
  readonly task: string
  readonly end?: () => Promise<void>
}

function heldTask(options: ConnectAgentOptions, log: Log): HeldTask {
  const token = readTaskToken(options)
  const key = holderKeyOf(options, token, (message) => {
    log.log('warn', message)
  })
  return { token: async () => token, key, task: token }
}

async function loggedIn(
  options: ConnectAgentOptions,
  { url, log }: { readonly url: string; readonly log: Log },
): Promise<HeldTask> {
  const { agent, login, cwd, environ, writeLog, stopped } = options
  const file = login?.file === undefined ? undefined : resolve(cwd, atHome(login.file, environ))
  const logged = await logInAgent({
    url,
    file,
    beside: agent !== undefined,
    tell: writeLog,
    sleep: (milliseconds) => sleep(milliseconds, undefined, { signal: stopped }),
    now: () => Date.now(),
    log,
  })
  return { ...logged, task: logged.file ?? randomUUID() }
}

/** An entry for everybody on a machine can name no home, and no shell reads it; nobody made a folder there either. */
function atHome(file: string, environ: NodeJS.ProcessEnv): string {
  if (!file.startsWith('~/')) return file
  const path = join(environ['HOME'] || homedir(), file.slice(2))
  makeLoginFolder(dirname(path))
  return path
}

/** Only whoever says which agent it is has something to tell. */
function startReport(
  { agent, environ, cwd }: ConnectAgentOptions,
  of: Pick<StartReportOptions, 'endpoint' | 'access' | 'log' | 'signal'>,
): Pick<ConnectOptions, 'began'> {
  if (agent === undefined) return {}
  return { began: (params) => void reportStart({ agent, environ, cwd, ...of }, params) }
}

/** Without it the agent has its tools all the same, and its hooks refuse. @returns ends it. */
async function hookSocket(
  { agent, environ }: ConnectAgentOptions,
  of: Pick<HookSocketOptions, 'endpoint' | 'access' | 'task'>,
  log: Log,
): Promise<(() => Promise<void>) | undefined> {
  if (agent === undefined || process.platform === 'win32') return undefined
  try {
    return await openHookSocket({ agent, environ, ...of })
  } catch (thrown) {
    const error = asRemitError(thrown)
    log.log('warn', `no socket for the hooks of this agent: ${error.detail ?? error.message}`)
    return undefined
  }
}

/** `REMIT_HOOK_DEADLINE`, in seconds, as for hooks that run a command; undefined = it says none. */
function hookDeadline({ REMIT_HOOK_DEADLINE: said = '' }: NodeJS.ProcessEnv): number | undefined {
  const seconds = Number(said)
  return seconds > 0 && seconds <= 3_600 ? seconds * 1_000 : undefined
}
