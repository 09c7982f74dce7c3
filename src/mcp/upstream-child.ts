import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Log } from '../core/log.ts'
import { LineSplitter } from './upstream-lines.ts'
import { MAX_ANSWER } from './upstream-message.ts'
import type { Launch } from './launcher.ts'
import { terminateInside } from './terminate-inside.ts'
import type { Scrub } from './upstream-scrub.ts'
import type { UpstreamConfig } from './upstream.ts'

export type StdioTransport = Extract<UpstreamConfig['transport'], { kind: 'stdio' }>

export interface ChildPort {
  line(line: Buffer): void
  /** The process is gone, or its output is no protocol any more. Told once. */
  gone(why: string): void
}

/** Hears what a program says beside the protocol, without the gateway's own credentials. */
export interface StderrListener {
  readonly log: Log
  readonly scrub: Scrub
}

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 2_000
/** Milliseconds for which the output of an ended process is still read. */
const DRAIN = 500
/** Bytes that may wait for a process to read them. */
const MAX_UNREAD = 64 * 1024 * 1024
const STDERR_LINE = 1_000
const STDERR_LINES_PER_MINUTE = 200
const STDERR_CAP = 64 * 1024

/**
 * A server as a child process, in a process group of its own, with nothing of this process's environment but
 * PATH and HOME: no shell, no inherited secret.
 */
export class UpstreamChild {
  readonly program: JsonObject
  readonly #child: ChildProcessWithoutNullStreams
  readonly #port: ChildPort
  readonly #confined: boolean
  readonly #exit = Promise.withResolvers<void>()
  #gone = false
  #lastError = ''

  /** @throws RemitError `upstream_unavailable` when it cannot be started. */
  static async start(
    transport: StdioTransport,
    port: ChildPort,
    listener: StderrListener,
  ): Promise<UpstreamChild> {
    const launch = (await transport.launcher?.launch()) ?? asItIs(transport)
    const child = new UpstreamChild(launch, port, listener)
    await child.#started(transport.command)
    return child
  }

  private constructor(launch: Launch, port: ChildPort, listener: StderrListener) {
    this.#port = port
    this.#confined = launch.confined
    this.program = launch.program
    this.#child = spawn(launch.command, [...launch.args], {
      cwd: launch.cwd,
      env: launch.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    const lines = new LineSplitter(MAX_ANSWER, (line) => {
      if (!this.#gone) port.line(line)
    })
    this.#child.stdout.on('data', (chunk: Buffer) => {
      if (this.#gone || lines.push(chunk)) return
      this.#leave(`it wrote a line of more than ${MAX_ANSWER} bytes`)
      void this.stop()
    })
    this.#logStderr(listener)
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      // A broken pipe shows as the exit of the process.
      stream.on('error', () => {})
    }
    this.#child.once('exit', (code, signal) => {
      this.#exit.resolve()
      // What it started itself must not outlive it.
      this.#signal('SIGKILL')
      const leave = (): void => {
        this.#leave(`it ended with ${signal ?? `exit code ${code ?? 'unknown'}`}${this.#hint()}`)
      }
      // What it wrote last is still in the pipe; a stranger who holds the pipe open must not delay the news.
      this.#child.once('close', leave)
      setTimeout(leave, DRAIN).unref()
    })
  }

  get gone(): boolean {
    return this.#gone
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Leaves what it writes in the pipe until `resume`. */
  pause(): void {
    this.#child.stdout.pause()
  }

  resume(): void {
    this.#child.stdout.resume()
  }

  /** @returns false when the process is gone or reads nothing any more, and nothing was written. */
  write(text: string): boolean {
    const { writable, writableLength } = this.#child.stdin
    if (this.#gone || !writable || writableLength > MAX_UNREAD) return false
    this.#child.stdin.write(`${text}\n`)
    return true
  }

  /** Closes its input and asks it to end; two seconds later the whole group is killed. */
  async stop(): Promise<void> {
    this.#leave('it was stopped')
    this.#child.stdin.end()
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined)
      return
    this.#ask()
    const timer = setTimeout(() => {
      this.#signal('SIGKILL')
    }, GRACE)
    await this.#exit.promise
    clearTimeout(timer)
  }

  /** In a sandbox the process that we know is not the server's: its end would be the server's, at once. */
  #ask(): void {
    const { pid } = this.#child
    if (!this.#confined || pid === undefined) this.#signal('SIGTERM')
    else terminateInside(pid)
  }

  #started(command: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.once('spawn', resolve)
      this.#child.on('error', (cause) => {
        this.#leave(`it cannot be run: ${cause.message}`)
        this.#exit.resolve()
        reject(
          new RemitError('upstream_unavailable', `the command \`${command}\` cannot be started; check it`, {
            cause,
          }),
        )
      })
    })
  }

  #leave(why: string): void {
    if (this.#gone) return
    this.#gone = true
    this.#port.gone(why)
  }

  #signal(name: NodeJS.Signals): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      if (process.platform === 'win32') this.#child.kill(name)
      else process.kill(-pid, name)
    } catch {
      // The group is gone already.
    }
  }

  #logStderr({ log, scrub }: StderrListener): void {
    let allowed = STDERR_LINES_PER_MINUTE
    let since = performance.now()
    const make = (): LineSplitter =>
      new LineSplitter(STDERR_CAP, (line) => {
        const text = scrub.text(line.toString('utf8')).slice(0, STDERR_LINE)
        this.#lastError = text
        if (performance.now() - since > 60_000) {
          since = performance.now()
          allowed = STDERR_LINES_PER_MINUTE
        }
        allowed -= 1
        if (allowed >= 0) log.log('debug', 'upstream stderr', { text })
      })
    let lines = make()
    this.#child.stderr.on('data', (chunk: Buffer) => {
      if (!lines.push(chunk)) lines = make()
    })
  }

  #hint(): string {
    return this.#lastError === '' ? '' : `; it last said \`${this.#lastError.slice(0, 200)}\``
  }
}

function asItIs({ command, args, env, cwd = process.cwd() }: StdioTransport): Launch {
  const base = { PATH: process.env['PATH'], HOME: process.env['HOME'] }
  return { command, args, cwd, env: { ...base, ...env }, confined: false, program: { command, args } }
}
