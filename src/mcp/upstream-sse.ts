import { garbage } from './upstream-message.ts'

export interface SseEvent {
  /** Absent = `message`. */
  readonly event?: string
  readonly data: string
}

/**
 * Reads a stream of server-sent events as it arrives (https://html.spec.whatwg.org/multipage/server-sent-events.html
 * section 9.2.6): LF, CR and CRLF end lines, comments are skipped, an event that the end cuts off is dropped.
 */
export class SseParser {
  readonly #onEvent: (event: SseEvent) => void
  readonly #cap: number
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #rest = ''
  #afterCr = false
  #data: string[] = []
  #size = 0
  #event: string | undefined
  #lastId: string | undefined
  #retry: number | undefined

  constructor(onEvent: (event: SseEvent) => void, cap: number) {
    this.#onEvent = onEvent
    this.#cap = cap
  }

  /** Id from which a broken stream can be taken up again; undefined = the server gave none. */
  get lastId(): string | undefined {
    return this.#lastId
  }

  /** Milliseconds that the server asks to wait before that. */
  get retry(): number | undefined {
    return this.#retry
  }

  /** True when the stream could end here without cutting an event. */
  get whole(): boolean {
    return this.#data.length === 0 && this.#rest === ''
  }

  /** @throws RemitError `upstream_garbage`: not UTF-8, or an event larger than the cap. */
  push(chunk: Uint8Array): void {
    let text = this.#decode(chunk)
    if (this.#afterCr && text.startsWith('\n')) text = text.slice(1)
    if (text === '') return
    this.#afterCr = text.endsWith('\r')
    const lines = (this.#rest + text).split(/\r\n|\n|\r/)
    this.#rest = lines.pop() ?? ''
    if (this.#size + this.#rest.length > this.#cap)
      throw garbage(`an event is larger than ${this.#cap} bytes`)
    for (const line of lines) this.#line(line)
  }

  #decode(chunk: Uint8Array): string {
    try {
      return this.#decoder.decode(chunk, { stream: true })
    } catch (cause) {
      throw garbage('its stream is not UTF-8', cause)
    }
  }

  #line(line: string): void {
    if (line === '') {
      this.#dispatch()
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon === -1 ? line : line.slice(0, colon)
    const start = colon === -1 ? line.length : line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1
    this.#field(field, line.slice(start))
  }

  #field(field: string, value: string): void {
    if (field === 'data') {
      this.#size += value.length
      if (this.#size > this.#cap) throw garbage(`an event is larger than ${this.#cap} bytes`)
      this.#data.push(value)
    } else if (field === 'event') this.#event = value
    else if (field === 'id' && !value.includes('\0')) this.#lastId = value
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.#retry = Number(value)
  }

  #dispatch(): void {
    const data = this.#data.join('\n')
    const event = this.#event
    const empty = this.#data.length === 0
    this.#data = []
    this.#size = 0
    this.#event = undefined
    if (!empty) this.#onEvent(event === undefined ? { data } : { event, data })
  }
}
