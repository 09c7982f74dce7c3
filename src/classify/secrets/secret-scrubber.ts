import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { bodyOf, type LargeBody, withBody } from '../../core/large-json.ts'
import { valueForms } from './value-forms.ts'

interface Pattern {
  readonly text: string
  readonly name: string
  /** The value that it is a form of. */
  readonly value: string
  readonly before: number
  readonly after: number
}

/** Shorter forms are not searched: they would be found where nothing is secret. */
const SHORTEST = 8
/** Code units that are hashed together. */
const BLOCK = 2
const FAR = SHORTEST - BLOCK + 1
const TABLE = 65_536

/**
 * Takes known values out of any text, in each of the forms of `valueForms`. All patterns are searched at once and most
 * of a text is skipped (Wu and Manber, 1994): the hash of two characters says how far the next possible end is.
 */
export class SecretScrubber {
  readonly #shift = new Uint8Array(TABLE).fill(FAR)
  /** Patterns by the hash with which their first eight characters end. */
  readonly #ends = new Map<number, Pattern[]>()
  readonly #values = new Map<string, string>()
  #version = 0

  /** Another number whenever other values are known. */
  get version(): number {
    return this.#version
  }

  /** Every known value with its name, for a scrubber of another thread of this process; nothing else may ask. */
  entries(): readonly (readonly [value: string, name: string])[] {
    return [...this.#values]
  }

  /** @param name stands in the place of the value. */
  add(value: string, name: string): void {
    if (value.length < SHORTEST || this.#values.has(value)) return
    this.#values.set(value, name)
    this.#version += 1
    for (const { text, before, after } of valueForms(value, SHORTEST)) {
      for (let at = 0; at < FAR; at += 1) {
        const hash = hashAt(text, at)
        this.#shift[hash] = Math.min(this.#shift[hash] ?? FAR, FAR - 1 - at)
      }
      const end = hashAt(text, FAR - 1)
      this.#ends.set(end, [...(this.#ends.get(end) ?? []), { text, name, value, before, after }])
    }
  }

  /** For a value that is good for nothing any more. */
  remove(value: string): void {
    if (!this.#values.delete(value)) return
    this.#version += 1
    for (const [end, patterns] of this.#ends) {
      const left = patterns.filter((pattern) => pattern.value !== value)
      if (left.length === 0) this.#ends.delete(end)
      else if (left.length < patterns.length) this.#ends.set(end, left)
    }
  }

  /** The text itself when it holds none. */
  text(text: string): string {
    if (this.#ends.size === 0) return text
    let scrubbed = ''
    let done = 0
    for (let at = FAR - 1; at < text.length - 1;) {
      const shift = this.#shift[hashAt(text, at)] ?? 0
      if (shift > 0) {
        at += shift
        continue
      }
      const start = at - FAR + 1
      const found = this.#longest(text, start)
      if (found === undefined) {
        at += 1
        continue
      }
      const end = start + found.text.length
      const from = Math.max(done, start - found.before)
      scrubbed += `${text.slice(done, from)}[secret:${found.name}]`
      done = Math.min(text.length, end + found.after)
      at = done + FAR - 1
    }
    return done === 0 ? text : scrubbed + text.slice(done)
  }

  /** The value itself when it holds none, else a copy without them; names of members are searched too. */
  json<Value extends Json | undefined>(value: Value): Value {
    return (this.#ends.size === 0 ? value : this.#value(value)) as Value
  }

  #value(value: Json | undefined): Json | undefined {
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') {
      // A number is no way out either: as text it may be a whole secret.
      const text = String(value)
      const scrubbed = text.length < SHORTEST ? text : this.text(text)
      return scrubbed === text ? value : scrubbed
    }
    if (Array.isArray(value)) {
      const items = (value as readonly Json[]).map((item) => this.#value(item) ?? null)
      return items.every((item, at) => item === value[at]) ? value : items
    }
    if (!isJsonObject(value)) return value
    let same = true
    const members: [string, Json | undefined][] = []
    for (const [key, member] of Object.entries(value)) {
      const name = this.text(key)
      const scrubbed = this.#value(member)
      if (name !== key || scrubbed !== member) same = false
      members.push([name, scrubbed])
    }
    const body = this.#body(value)
    if (same && body === bodyOf(value)) return value
    const copy = Object.fromEntries(members) as JsonObject
    return body === undefined ? copy : withBody(copy, body)
  }

  /** What of an object is kept as text; bytes are searched where they are read. */
  #body(value: JsonObject): LargeBody | undefined {
    const body = bodyOf(value)
    if (body?.kind !== 'record') return body
    const text = this.text(body.text)
    return text === body.text ? body : { ...body, text }
  }

  #longest(text: string, start: number): Pattern | undefined {
    let longest: Pattern | undefined
    for (const pattern of this.#ends.get(hashAt(text, start + FAR - 1)) ?? []) {
      if (!text.startsWith(pattern.text, start)) continue
      if (longest === undefined || pattern.text.length > longest.text.length) longest = pattern
    }
    return longest
  }
}

function hashAt(text: string, at: number): number {
  return ((text.charCodeAt(at) << 8) ^ text.charCodeAt(at + 1)) & (TABLE - 1)
}
