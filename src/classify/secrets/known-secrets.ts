import { CodePage } from './code-page.ts'
import { entropyOf, isPlaceholder } from './placeholder.ts'

/** How values are kept without their text: both from the randomness of this process. */
export interface Fingerprints {
  /** Keyed and one-way. */
  readonly of: (text: string) => string
  /** Any 31-bit number: makes the short hashes differ from process to process. */
  readonly seed: number
}

/** A value that was known before: where it stands, and what it is a secret of. */
interface KnownFind {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** A known value as it is kept, and as it may cross threads: nothing of its text. */
export interface KnownEntry {
  readonly kind: string
  readonly length: number
  /** Hash of its last characters. */
  readonly tail: number
  readonly mac: string
  /** Tree of tasks that met it; absent = the gateway's own, searched for everybody. */
  readonly tree: string | undefined
}

const TAIL = 8
const MAX_LENGTH = 16_384
const MAX_ENTRIES = 10_000

/**
 * Values that are known to be secret, whatever they look like: credentials of the configuration, and what a tree of
 * tasks has met. Kept without their text: a keyed 32-bit hash of the last eight characters finds candidates in one pass
 * over a text, and its whole fingerprint decides. The oldest are forgotten beyond 10,000.
 */
export class KnownSecrets {
  readonly #fingerprints: Fingerprints
  readonly #factor: number
  readonly #power: number
  /** One bit for each 16-bit end of a tail: most places of a text are passed by without looking further. */
  readonly #maybe = new Uint8Array(8192)
  readonly #page = new CodePage()
  readonly #byTail = new Map<number, Map<string, KnownEntry>>()
  readonly #order: KnownEntry[] = []
  #forgotten = 0

  constructor(fingerprints: Fingerprints) {
    this.#fingerprints = fingerprints
    this.#factor = (fingerprints.seed * 2 + 1) | 0
    let power = 1
    for (let at = 0; at < TAIL; at += 1) power = Math.imul(power, this.#factor)
    this.#power = power
  }

  /** A value that is short, plain or a placeholder is not taken: it would be found where nothing is secret. */
  add(value: string, kind: string, tree?: string): void {
    if (value.length < TAIL || value.length > MAX_LENGTH) return
    if (isPlaceholder(value) || entropyOf(value) < 2.5) return
    const tail = this.#hash(value.slice(-TAIL))
    this.#keep({ kind, length: value.length, tail, mac: this.#fingerprints.of(value), tree })
  }

  /** What became known after the first `count` values, and how many there have been by now. */
  since(count: number): { readonly entries: readonly KnownEntry[]; readonly count: number } {
    const entries = this.#order.slice(Math.max(0, count - this.#forgotten))
    return { entries, count: this.#forgotten + this.#order.length }
  }

  /** Takes over what another memory with the same fingerprints knows. */
  take(entries: readonly KnownEntry[]): void {
    for (const entry of entries) this.#keep(entry)
  }

  #keep(entry: KnownEntry): void {
    const { tail } = entry
    const id = idOf(entry)
    const entries = this.#byTail.get(tail) ?? new Map<string, KnownEntry>()
    if (entries.has(id)) return
    entries.set(id, entry)
    this.#byTail.set(tail, entries)
    this.#maybe[(tail & 0xffff) >> 3] = (this.#maybe[(tail & 0xffff) >> 3] ?? 0) | (1 << (tail & 7))
    this.#order.push(entry)
    if (this.#order.length > MAX_ENTRIES) this.#forgetOldest()
  }

  find(text: string, tree?: string): readonly KnownFind[] {
    if (this.#byTail.size === 0 || text.length < TAIL) return []
    const found: KnownFind[] = []
    const codes = this.#page.of(text)
    const factor = this.#factor
    const power = this.#power
    const maybe = this.#maybe
    const last = text.length
    let hash = this.#hash(text.slice(0, TAIL))
    for (let end = TAIL; ; end += 1) {
      if (((maybe[(hash & 0xffff) >> 3] ?? 0) & (1 << (hash & 7))) !== 0) {
        for (const find of this.#ending(text, { end, tail: hash, tree })) found.push(find)
      }
      if (end >= last) return found
      const left = Math.imul(codes[end - TAIL] ?? 0, power)
      hash = (Math.imul(hash, factor) + (codes[end] ?? 0) - left) | 0
    }
  }

  /** Known values that end there, after their last characters looked like it. */
  *#ending(
    text: string,
    { end, tail, tree }: { readonly end: number; readonly tail: number; readonly tree: string | undefined },
  ): Generator<KnownFind> {
    for (const { kind, length, mac, tree: owner } of this.#byTail.get(tail)?.values() ?? []) {
      const start = end - length
      if (start < 0 || (owner !== undefined && owner !== tree)) continue
      if (this.#fingerprints.of(text.slice(start, end)) === mac) yield { kind, start, end }
    }
  }

  #hash(text: string): number {
    let hash = 0
    for (let at = 0; at < text.length; at += 1) {
      hash = (Math.imul(hash, this.#factor) + text.charCodeAt(at)) | 0
    }
    return hash
  }

  #forgetOldest(): void {
    const oldest = this.#order.shift()
    if (oldest === undefined) return
    this.#forgotten += 1
    const entries = this.#byTail.get(oldest.tail)
    entries?.delete(idOf(oldest))
    if (entries?.size === 0) this.#byTail.delete(oldest.tail)
  }
}

function idOf({ tree, mac }: KnownEntry): string {
  return `${tree ?? ''} ${mac}`
}
