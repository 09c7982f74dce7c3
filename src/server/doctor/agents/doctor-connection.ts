import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isJsonObject, type Json } from '../../../core/json.ts'
import type { Environ } from '../../load-config.ts'

/** A connection to the gateway as the agent has it, so that hooks which doctor calls have a task to ask for. */
export interface DoctorConnection {
  /** It has not ended by itself. */
  isUp(): boolean
  end(): void
}

export type Connecting = DoctorConnection | { readonly without: string }

/**
 * Starts the gateway's entry of an agent, where it has a login that nobody uses now: nobody is asked to log in by this, and no
 * message is sent over it, so that no agent begins.
 * @param entry in the words that most agents use.
 */
export function connectAsAgent(entry: Json, environ: Environ): Connecting {
  const words = isJsonObject(entry) ? [entry['command'], entry['args']].flat() : []
  const [command, ...args] = words.filter((word) => typeof word === 'string')
  const at = args.indexOf('--login-file')
  const named = at < 0 ? undefined : args[at + 1]
  if (command === undefined || named === undefined)
    return { without: 'its entry of the gateway has no login; set REMIT_TOKEN to the token of a task' }
  const file = named.startsWith('~/') ? join(environ['HOME'] || homedir(), named.slice(2)) : named
  if (!existsSync(file)) return { without: 'nobody has logged in yet' }
  if (existsSync(`${file}.lock`)) return { without: 'a session of it runs now and has the login' }
  const child = spawn(command, args, { env: { ...environ }, stdio: ['pipe', 'ignore', 'ignore'] })
  let up = true
  const ended = (): void => {
    up = false
  }
  child.on('error', ended).on('exit', ended)
  return { isUp: () => up, end: () => endOf(child) }
}

/** Its input ends first, so that it gives back what it holds. */
function endOf(child: ChildProcess): void {
  child.stdin?.end()
  setTimeout(() => child.kill(), 1_000).unref()
}
