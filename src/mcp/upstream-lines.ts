const NEWLINE = 0x0a

/** Cuts a byte stream at line feeds. A line longer than the cap makes `push` return false; the stream is then useless. */
export class LineSplitter {
  readonly #cap: number
  readonly #onLine: (line: Buffer) => void
  #parts: Buffer[] = []
  #size = 0

  constructor(cap: number, onLine: (line: Buffer) => void) {
    this.#cap = cap
    this.#onLine = onLine
  }

  push(chunk: Buffer): boolean {
    let start = 0
    let end = chunk.indexOf(NEWLINE)
    while (end !== -1) {
      const part = chunk.subarray(start, end)
      if (this.#size + part.length > this.#cap) return false
      const line = this.#parts.length === 0 ? part : Buffer.concat([...this.#parts, part])
      this.#parts = []
      this.#size = 0
      if (line.length > 0) this.#onLine(line)
      start = end + 1
      end = chunk.indexOf(NEWLINE, start)
    }
    if (start < chunk.length) {
      this.#parts.push(chunk.subarray(start))
      this.#size += chunk.length - start
    }
    return this.#size <= this.#cap
  }
}
