import { RemitError } from '../../core/errors.ts'
import { decodeUtf8Strict } from '../../net/strict-json.ts'

/** One line of the stream; `error` when it is no text that may be read. */
export type RawLine =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly error: RemitError }

const LINE_FEED = 0x0a
/** Longest line that is read, in bytes. */
const MAX_LINE = 16 * 1_048_576

/**
 * The lines of a stream of bytes, in the groups in which they arrive, so that a writer can answer each group at
 * once. Blank lines are counted and left out. Holds one line at a time; one that is too long is skipped.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array | string>,
  limits: { readonly maxLine?: number } = {},
): AsyncGenerator<readonly RawLine[]> {
  const splitter = new LineSplitter(limits.maxLine ?? MAX_LINE)
  for await (const chunk of input) {
    const lines = splitter.take(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    if (lines.length > 0) yield lines
  }
  const last = splitter.end()
  if (last.length > 0) yield last
}

class LineSplitter {
  readonly #most: number
  #parts: Uint8Array[] = []
  #held = 0
  #number = 0

  constructor(most: number) {
    this.#most = most
  }

  take(chunk: Uint8Array): RawLine[] {
    const lines: RawLine[] = []
    let from = 0
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      this.#hold(chunk.subarray(from, at))
      this.#finish(lines)
      from = at + 1
    }
    this.#hold(chunk.subarray(from))
    return lines
  }

  end(): RawLine[] {
    const lines: RawLine[] = []
    if (this.#held > 0) this.#finish(lines)
    return lines
  }

  #hold(part: Uint8Array): void {
    if (part.length === 0) return
    this.#held += part.length
    if (this.#held <= this.#most) this.#parts.push(part)
    else this.#parts = []
  }

  #finish(lines: RawLine[]): void {
    this.#number += 1
    const number = this.#number
    const tooLong = this.#held > this.#most
    const bytes = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts)
    this.#parts = []
    this.#held = 0
    if (tooLong) {
      const error = new RemitError(
        'body_too_large',
        `the line is longer than ${this.#most} bytes; shorten it`,
      )
      lines.push({ number, error })
      return
    }
    try {
      const text = decodeUtf8Strict(bytes ?? new Uint8Array()).trim()
      if (text !== '') lines.push({ number, text })
    } catch (thrown) {
      lines.push({ number, error: thrown as RemitError })
    }
  }
}
