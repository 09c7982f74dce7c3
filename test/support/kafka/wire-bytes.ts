/** Reads what stands in requests of the Kafka protocol, by its specification and without the client’s own code. */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  int(size: 1 | 2 | 4): number {
    this.#at += size
    return this.#bytes.readIntBE(this.#at - size, size)
  }

  long(): bigint {
    this.#at += 8
    return this.#bytes.readBigInt64BE(this.#at - 8)
  }

  take(length: number): Buffer {
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  unsigned(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.int(1) & 0xff
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }

  /** Zigzag. */
  signed(): number {
    const value = this.unsigned()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  text(): string | undefined {
    const length = this.int(2)
    return length < 0 ? undefined : this.take(length).toString()
  }

  compactBytes(): Buffer | undefined {
    const length = this.unsigned()
    return length === 0 ? undefined : this.take(length - 1)
  }

  compactText(): string | undefined {
    return this.compactBytes()?.toString()
  }

  /** Length and bytes as records have them. */
  field(): string | undefined {
    const length = this.signed()
    return length < 0 ? undefined : this.take(length).toString()
  }

  list<Entry>(read: () => Entry): readonly Entry[] {
    return Array.from({ length: Math.max(0, this.unsigned() - 1) }, read)
  }

  /** Tagged fields; none is known here. */
  tags(): void {
    for (let left = this.unsigned(); left > 0; left -= 1) {
      this.unsigned()
      this.take(this.unsigned())
    }
  }
}

export function int(value: number, size: 1 | 2 | 4): Buffer {
  const bytes = Buffer.alloc(size)
  bytes.writeIntBE(value, 0, size)
  return bytes
}

export function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}

export function unsigned(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    bytes.push(left < 128 ? left : (left % 128) + 128)
    if (left < 128) return Buffer.from(bytes)
  }
}

export function compactText(text: string | undefined): Buffer {
  if (text === undefined) return unsigned(0)
  const bytes = Buffer.from(text)
  return Buffer.concat([unsigned(bytes.length + 1), bytes])
}

export function list(entries: readonly Buffer[]): Buffer {
  return Buffer.concat([unsigned(entries.length + 1), ...entries])
}

export const NO_TAGS = unsigned(0)
