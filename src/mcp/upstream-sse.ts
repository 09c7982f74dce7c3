import { isUtf8 } from 'node:buffer'
import { garbage } from './upstream-message.ts'

export interface SseEvent {
  /** Absent = `message`. */
  readonly event?: string
  /** As it came: whoever decodes it sees whether it is UTF-8. */
  readonly data: Buffer
}

const LF = 0x0a
const CR = 0x0d
const COLON = 0x3a
const SPACE = 0x20
const NEWLINE = Buffer.from('\n')
const MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Reads a stream of server-sent events as it arrives (https://html.spec.whatwg.org/multipage/server-sent-events.html
 * section 9.2.6): LF, CR and CRLF end lines, comments are skipped, an event that the end cuts off is dropped. Looks at
 * each byte once, in however many pieces an event comes.
 */
export class SseParser {
  readonly #onEvent: (event: SseEvent) => void
  readonly #cap: number
  #parts: Buffer[] = []
  #partsSize = 0
  #afterCr = false
  #first = true
  #data: Buffer[] = []
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
    return this.#data.length === 0 && this.#partsSize === 0
  }

  /** @throws RemitError `upstream_garbage`: not UTF-8, or an event larger than the cap. */
  push(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    if (chunk.length === 0) return
    let start = this.#afterCr && chunk[0] === LF ? 1 : 0
    this.#afterCr = false
    let lf = chunk.indexOf(LF, start)
    let cr = chunk.indexOf(CR, start)
    while (lf !== -1 || cr !== -1) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      this.#line(this.#whole(chunk.subarray(start, end)))
      start = end + 1
      if (end === cr) {
        if (start === chunk.length) this.#afterCr = true
        else if (chunk[start] === LF) start += 1
        cr = chunk.indexOf(CR, start)
      }
      if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start)
    }
    if (start < chunk.length) {
      this.#parts.push(chunk.subarray(start))
      this.#partsSize += chunk.length - start
      this.#check(this.#size + this.#partsSize)
    }
  }

  /** The line that ends with this part. */
  #whole(last: Buffer): Buffer {
    const line = this.#partsSize === 0 ? last : Buffer.concat([...this.#parts, last])
    this.#parts = []
    this.#partsSize = 0
    if (!this.#first) return line
    this.#first = false
    return line.subarray(0, MARK.length).equals(MARK) ? line.subarray(MARK.length) : line
  }

  #line(line: Buffer): void {
    if (line.length === 0) {
      this.#dispatch()
      return
    }
    const colon = line.indexOf(COLON)
    if (colon === 0) return
    const field = line.toString('latin1', 0, colon === -1 ? line.length : Math.min(colon, 16))
    const value = colon === -1 ? line.length : line[colon + 1] === SPACE ? colon + 2 : colon + 1
    if (field === 'data') {
      this.#size += line.length - value
      this.#check(this.#size)
      this.#data.push(line.subarray(value))
      return
    }
    if (!isUtf8(line)) throw garbage('its stream is not UTF-8')
    this.#field(field, line.toString('utf8', value))
  }

  #field(field: string, value: string): void {
    if (field === 'event') this.#event = value
    else if (field === 'id' && !value.includes('\0')) this.#lastId = value
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.#retry = Number(value)
  }

  #dispatch(): void {
    const [only] = this.#data
    const event = this.#event
    const data =
      this.#data.length === 1 && only !== undefined
        ? only
        : Buffer.concat(this.#data.flatMap((line, at) => (at === 0 ? [line] : [NEWLINE, line])))
    const empty = this.#data.length === 0
    this.#data = []
    this.#size = 0
    this.#event = undefined
    if (!empty) this.#onEvent(event === undefined ? { data } : { event, data })
  }

  #check(size: number): void {
    if (size > this.#cap) throw garbage(`an event is larger than ${this.#cap} bytes`)
  }
}
