/** One answer of HTTP as it came. */
export interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
  /** False = an event stream that has not ended. */
  readonly ended: boolean
}

const HEAD_END = '\r\n\r\n'

/** Takes answers out of the bytes of a connection, one after the other. Bytes are read as Latin-1. */
export class AnswerReader {
  #rest = ''

  /** Whole answers that are in, and the one at the end that streams. */
  push(chunk: Buffer): readonly Answer[] {
    this.#rest += chunk.toString('latin1')
    const answers: Answer[] = []
    for (let next = this.#take(); next !== undefined; next = this.#take()) answers.push(next)
    return answers
  }

  /** An event stream that has begun and not ended. */
  get streaming(): Answer | undefined {
    const end = this.#rest.indexOf(HEAD_END)
    const head = this.#rest.slice(0, Math.max(0, end))
    if (!/\r\ncontent-type: text\/event-stream/i.test(head)) return undefined
    return { status: statusOf(head), head, body: this.#rest.slice(end), ended: false }
  }

  /** What is left that is no whole answer. */
  get rest(): string {
    return this.#rest
  }

  #take(): Answer | undefined {
    const end = this.#rest.indexOf(HEAD_END)
    if (end < 0) return undefined
    const head = this.#rest.slice(0, end)
    const status = statusOf(head)
    const start = end + HEAD_END.length
    if (status >= 100 && status < 200) {
      this.#rest = this.#rest.slice(start)
      return this.#take()
    }
    const stop = /\r\ntransfer-encoding: chunked/i.test(head)
      ? this.#endOfChunks(start)
      : this.#endOf(head, start)
    if (stop === undefined || stop > this.#rest.length) return undefined
    const body = this.#rest.slice(start, stop)
    this.#rest = this.#rest.slice(stop)
    return { status, head, body, ended: true }
  }

  #endOf(head: string, start: number): number | undefined {
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
    return length === undefined ? start : start + Number(length)
  }

  #endOfChunks(start: number): number | undefined {
    let at = start
    for (;;) {
      const line = this.#rest.indexOf('\r\n', at)
      if (line < 0) return undefined
      const size = Number.parseInt(this.#rest.slice(at, line), 16)
      at = line + 2 + size + 2
      if (Number.isNaN(size) || at > this.#rest.length) return undefined
      if (size === 0) return at
    }
  }
}

function statusOf(head: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
}
