import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { AnswerReader, type Answer } from './answer-reader.ts'
import type { Case } from './make-case.ts'

/** How an exchange ended, beside the answers that came. */
export interface Heard {
  readonly answers: readonly Answer[]
  /** `hung` = neither answered nor closed within the bound. */
  readonly end: 'answered' | 'closed' | 'hung'
}

/** Milliseconds in which the gateway must answer or close. */
const BOUND = 30_000
/** Milliseconds for which a stream or an answer to half a message is waited for. */
const PATIENCE = 25

/** One connection of bytes to a plane. */
export class RawConnection {
  readonly #socket: Socket
  readonly #reader = new AnswerReader()
  #answers: Answer[] = []
  #closed = false
  #wake: () => void = () => {}

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    this.#socket.on('data', (chunk: Buffer) => {
      this.#answers.push(...this.#reader.push(chunk))
      this.#wake()
    })
    const close = (): void => {
      this.#closed = true
      this.#socket.destroy()
      this.#wake()
    }
    this.#socket.on('error', close).on('end', close).on('close', close)
  }

  get usable(): boolean {
    return !this.#closed
  }

  destroy(): void {
    this.#closed = true
    this.#socket.destroy()
  }

  /** Messages with certain ends, all at once: an answer to each, in order, unless the gateway says that it closes. */
  async pipeline(cases: readonly Case[]): Promise<Heard> {
    this.#answers = []
    this.#socket.write(Buffer.concat(cases.flatMap(({ pieces }) => pieces)))
    const done = (): boolean => this.#closed || this.#answers.length >= cases.length
    const until = performance.now() + BOUND
    while (!done() && performance.now() < until) {
      await this.#change(until - performance.now())
      const { streaming } = this.#reader
      // A stream stands before whatever comes behind it; to leave is also something that clients do.
      if (!done() && streaming !== undefined && (await this.#staysOpen())) {
        this.destroy()
        return { answers: [...this.#answers, streaming], end: 'answered' }
      }
    }
    const end = this.#answers.length >= cases.length ? 'answered' : this.#closed ? 'closed' : 'hung'
    if (end === 'hung' || saysClose(this.#answers.at(-1))) this.destroy()
    return { answers: this.#answers, end }
  }

  /** Bytes whose end is anybody's guess: afterwards this side is done, and the gateway must close. */
  async alone({ pieces, streams }: Case): Promise<Heard> {
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) await sleep(2)
      if (!this.#closed) this.#socket.write(piece)
    }
    const patience = performance.now() + (streams ? PATIENCE * 2 : PATIENCE)
    while (!this.#closed && this.#answers.length === 0 && performance.now() < patience) {
      await this.#change(patience - performance.now())
    }
    if (!this.#closed) this.#socket.end()
    const until = performance.now() + BOUND
    while (!this.#closed && performance.now() < until) await this.#change(until - performance.now())
    const answers = [...this.#answers]
    if (this.#reader.streaming !== undefined) answers.push(this.#reader.streaming)
    const end = this.#closed ? 'closed' : 'hung'
    this.destroy()
    return { answers, end }
  }

  async #staysOpen(): Promise<boolean> {
    const before = this.#answers.length
    const until = performance.now() + 1_000
    while (!this.#closed && this.#answers.length === before && performance.now() < until) {
      await this.#change(until - performance.now())
    }
    return !this.#closed && this.#answers.length === before
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, ms))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Whether the gateway said that nothing more is answered on this connection. */
export function saysClose(answer: Answer | undefined): boolean {
  return answer !== undefined && /\r\nconnection: close/i.test(answer.head)
}
