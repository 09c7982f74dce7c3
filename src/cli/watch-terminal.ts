import { createInterface, type Interface } from 'node:readline'
import type { ApprovalAnswer } from '../api/contract.ts'
import type { Approval } from '../core/approval.ts'
import { RemitError } from '../core/errors.ts'
import { findGateway } from '../server/find-gateway.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import { type ExitCode, type Invocation, textFlag } from './command.ts'
import { followApprovals } from './follow-approvals.ts'
import { configPlace } from './config-place.ts'
import { approvalText } from './format-approval.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'
import { WATCH_HELP, WatchList, type Wish } from './watch-list.ts'

/** Where lines are typed, and what is typed is seen. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** Lists what waits at a terminal, and does what is typed about it, until `q` or Ctrl-C. */
export async function watchAtTerminal(
  invocation: Invocation,
  told: (fresh: readonly Approval[]) => void,
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Promise<ExitCode> {
  const left = new AbortController()
  const stopped = AbortSignal.any([left.signal, invocation.io.stopped])
  // Whoever leaves does not wait for what the gateway was asked.
  const leaving = { ...invocation, io: { ...invocation.io, stopped } }
  const client = await openAdminClient(leaving, 'read')
  const session = new TerminalSession(leaving, client, terminal)
  const following = followApprovals(client, stopped, (approvals, whole) =>
    told(session.hear(approvals, whole)),
  )
  const typing = session.converse(stopped)
  try {
    await Promise.race([following, typing])
  } catch (error) {
    if (!stopped.aborted) throw error
  } finally {
    left.abort()
    await Promise.allSettled([following, typing])
  }
  return 0
}

class TerminalSession {
  readonly #invocation: Invocation
  readonly #reader: AdminClient
  readonly #terminal: Terminal
  readonly #list = new WatchList()
  #decider: AdminClient | undefined
  #lines: Interface | undefined
  #greeted = false
  #answering = false
  #later = ''

  constructor(invocation: Invocation, reader: AdminClient, terminal: Terminal) {
    this.#invocation = invocation
    this.#terminal = terminal
    this.#reader = reader
  }

  /** @returns those that are new. The first are what waits already: they are listed, and nobody is called for them. */
  hear(approvals: readonly Approval[], whole: boolean): readonly Approval[] {
    const fresh = this.#list.hear(approvals, whole)
    const now = Date.now()
    if (!this.#greeted) {
      this.#greeted = true
      this.#tell(this.#listText(now))
      return []
    }
    for (const approval of fresh) this.#tell(`${this.#new()}${this.#list.line(approval, now)}\n`)
    const open = approvals.find(({ id, state }) => id === this.#list.opened && state !== 'pending')
    if (open !== undefined) {
      this.#list.opened = undefined
      this.#tell(`the open request is ${open.state} now\n`)
    }
    return fresh
  }

  /** Reads lines until somebody is done. */
  async converse(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const line = await this.#nextLine(stopped)
      if (line === undefined) return
      const wish = this.#list.read(line)
      if (wish.kind === 'quit') return
      this.#answering = true
      try {
        this.#say(await this.#fulfil(wish))
      } catch (thrown) {
        // What one answer ran into is no reason to stop watching.
        if (!(thrown instanceof RemitError)) throw thrown
        this.#say(`${plainLine(thrown.message)}\n${thrown.code === 'step_up_needed' ? this.#link() : ''}`)
      } finally {
        this.#answering = false
      }
      this.#say(this.#later)
      this.#later = ''
    }
  }

  async #fulfil(wish: Wish): Promise<string> {
    switch (wish.kind) {
      case 'list': {
        return this.#listText(Date.now())
      }
      case 'help': {
        return WATCH_HELP
      }
      case 'back': {
        this.#list.opened = undefined
        return this.#listText(Date.now())
      }
      case 'open': {
        const { approval } = await this.#reader.get<ApprovalAnswer>(
          `/approvals/${encodeURIComponent(wish.id)}`,
        )
        this.#list.opened = approval.state === 'pending' ? approval.id : undefined
        return `${approvalText(approval, Date.now())}${approval.state === 'pending' ? `${this.#link()}a approves, r refuses, ? shows the rest\n` : ''}`
      }
      case 'approve': {
        const { comment, forTask } = wish
        return this.#decide(wish.id, 'approve', {
          ...(comment === undefined ? {} : { comment }),
          ...(forTask ? { grant: 'task' } : {}),
        })
      }
      case 'refuse': {
        return this.#decide(wish.id, 'refuse', { reason: wish.reason })
      }
      case 'wrong': {
        return `${wish.why}\n`
      }
      case 'nothing':
      case 'quit': {
        return ''
      }
    }
  }

  async #decide(id: string, how: 'approve' | 'refuse', body: object): Promise<string> {
    this.#decider ??= await openAdminClient(this.#invocation, 'decide', { quiet: true })
    // That it is decided is said here, and not once more by the event.
    this.#list.opened = undefined
    const path = `/approvals/${encodeURIComponent(id)}/${how}`
    const { approval } = await this.#decider.post<ApprovalAnswer>(path, body).catch((thrown: unknown) => {
      // A code that is wrong is asked for again.
      if (thrown instanceof RemitError && thrown.code === 'credential_invalid') this.#decider = undefined
      this.#list.opened = id
      throw thrown
    })
    const said = approval.state === 'pending' ? 'recorded; it still waits for others' : approval.state
    return `${said}\n${this.#listText(Date.now())}`
  }

  #nextLine(stopped: AbortSignal): Promise<string | undefined> {
    const lines = createInterface({ ...this.#terminal, prompt: '> ' })
    this.#lines = lines
    return new Promise((resolve) => {
      const end = (line?: string): void => {
        stopped.removeEventListener('abort', gone)
        // While somebody is answered, the terminal is free: the approver code is typed into a prompt of its own.
        this.#lines = undefined
        resolve(line)
        lines.close()
      }
      const gone = (): void => end()
      stopped.addEventListener('abort', gone, { once: true })
      lines.once('line', end)
      lines.once('close', () => end())
      // Ctrl-C in here is not heard by the process.
      lines.once('SIGINT', gone)
      lines.prompt()
    })
  }

  /** Above the line that is being typed, which stays. What comes while the approver code is typed waits for its end. */
  #tell(text: string): void {
    if (this.#answering) this.#later += text
    else this.#say(text)
  }

  #say(text: string): void {
    if (text === '') return
    this.#invocation.io.out(`\r\u001B[K${text}`)
    this.#lines?.prompt(true)
  }

  #listText(now: number): string {
    const lines = this.#list.lines(now)
    if (lines.length === 0)
      return 'nothing waits for anybody; what agents ask for appears here (? for help)\n'
    return `${lines.length} ${lines.length === 1 ? 'request waits' : 'requests wait'}; a number opens one, ? for help\n${lines.map((line) => `${line}\n`).join('')}`
  }

  #new(): string {
    return paint(this.#invocation.io, 'yellow', 'new')
  }

  /** Where the open request can be decided with a passkey. */
  #link(): string {
    const { adminUrl } = findGateway({
      ...configPlace(this.#invocation),
      adminUrl: textFlag(this.#invocation, 'admin-url'),
    })
    return this.#list.opened === undefined
      ? ''
      : `in the console: ${adminUrl}/console/approvals/${this.#list.opened}\n`
  }
}
