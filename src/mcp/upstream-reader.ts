import { asRemitError, type RemitError } from '../core/errors.ts'
import { isJsonObject } from '../core/json.ts'
import type { LargeMessages } from './large-messages.ts'
import { decodeAnswer, isLarge } from './large-response.ts'
import { Allowance } from './upstream-allowance.ts'
import { readUpstreamMessage, type UpstreamMessage } from './upstream-message.ts'

/** What came and is no message. */
export interface Unreadable {
  readonly error: RemitError
  /** Size in bytes. */
  readonly size: number
  /** Begins like a message, and not like a line that was meant for people. */
  readonly opens: boolean
  /** Which call it seems to answer, only to tell that one. */
  readonly id: () => unknown
}

export interface ReaderPort {
  /** A call that is out waits for exactly this. */
  awaits(message: UpstreamMessage): boolean
  message(message: UpstreamMessage): void
  unreadable(what: Unreadable): void
  /** Nothing more is wanted until `resume`. */
  pause(): void
  resume(): void
}

const BRACE = 0x7b
const EDGE = 200
const ID_FIRST = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*[,}]/
const ID_LAST = /[,{]\s*"id"\s*:\s*(\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/

/**
 * Turns what one stream brings into messages, and tells them in the order in which they came although large ones are
 * read elsewhere; the stream waits meanwhile.
 */
export class MessageReader {
  readonly #large: LargeMessages | undefined
  readonly #port: ReaderPort
  readonly #queue: (Buffer | (() => void))[] = []
  readonly #allowance = new Allowance(() => performance.now())
  #busy = false
  #resting = false

  constructor(large: LargeMessages | undefined, port: ReaderPort) {
    this.#large = large
    this.#port = port
  }

  read(bytes: Buffer): void {
    if (!this.#busy && (this.#large === undefined || !isLarge(bytes))) {
      this.#readHere(bytes)
      return
    }
    this.#queue.push(bytes)
    if (!this.#busy) void this.#drain()
  }

  /** Does it once all that came before was told. */
  after(step: () => void): void {
    if (this.#busy) this.#queue.push(step)
    else step()
  }

  async #drain(): Promise<void> {
    this.#busy = true
    this.#port.pause()
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (typeof next === 'function') next()
      else if (this.#large !== undefined && isLarge(next)) await this.#readThere(next, this.#large)
      else this.#readHere(next)
    }
    this.#busy = false
    if (!this.#resting) this.#port.resume()
  }

  #readHere(bytes: Buffer): void {
    let message: UpstreamMessage
    try {
      message = readUpstreamMessage(decodeAnswer(bytes))
    } catch (thrown) {
      this.#spend(bytes.length)
      this.#port.unreadable({ ...seen(bytes), error: asRemitError(thrown), id: () => looseId(bytes) })
      return
    }
    if (!this.#port.awaits(message)) this.#spend(bytes.length)
    this.#port.message(message)
  }

  /** Who babbles is read more slowly, so that the others are read at all. */
  #spend(size: number): void {
    const rest = this.#allowance.spend(size)
    if (rest === 0 || this.#resting) return
    this.#resting = true
    this.#port.pause()
    const timer = setTimeout(() => {
      this.#resting = false
      if (!this.#busy) this.#port.resume()
    }, rest)
    timer.unref()
  }

  async #readThere(bytes: Buffer, large: LargeMessages): Promise<void> {
    const what = seen(bytes)
    // The bytes are gone afterwards.
    const [first, last] = [
      bytes.toString('latin1', 0, EDGE),
      bytes.toString('latin1', Math.max(0, bytes.length - EDGE)),
    ]
    let message: UpstreamMessage
    try {
      message = await large.read(bytes)
    } catch (thrown) {
      this.#spend(what.size)
      const id = (): unknown => numberIn(ID_FIRST, first) ?? numberIn(ID_LAST, last)
      this.#port.unreadable({ ...what, error: asRemitError(thrown), id })
      return
    }
    if (!this.#port.awaits(message)) this.#spend(what.size)
    this.#port.message(message)
  }
}

function seen(bytes: Buffer): Pick<Unreadable, 'size' | 'opens'> {
  return { size: bytes.length, opens: bytes[0] === BRACE }
}

/** The id of a message that is otherwise refused. */
function looseId(line: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    return isJsonObject(value) ? value['id'] : undefined
  } catch {
    return undefined
  }
}

/** The id in the envelope of a large one, where servers write it. */
function numberIn(form: RegExp, edge: string): number | undefined {
  const digits = form.exec(edge)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
