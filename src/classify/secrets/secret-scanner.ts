import type { Json, JsonObject } from '../../core/json.ts'
import { pointerStep } from '../../core/json-pointer.ts'
import type { SecretSpan } from '../../core/outcome.ts'
import { decodedViews } from './decoded-views.ts'
import {
  holdsKeyword,
  searchSecrets,
  withoutOverlap,
  type SecretFind,
  type SecretSearch,
} from './find-secrets.ts'
import { KnownSecrets, type Fingerprints, type KnownEntry } from './known-secrets.ts'

type Search = Pick<SecretSearch, 'finds' | 'complete'>

/** Known values on their way from one scanner to another, without their text. */
export interface Learned {
  readonly entries: readonly KnownEntry[]
  /** How many there have been, these included. */
  readonly count: number
}

export interface JsonSearch {
  readonly finds: readonly SecretSpan[]
  /** False = something was too large or too dense to be searched; what is in there is not known. */
  readonly complete: boolean
}

/** Read at once; the next piece overlaps by more than any secret but a private key is long. */
const PIECE = 32_768
const OVERLAP = 8_192
/** What beginning with a string costs, as code units of it: a hundred thousand short ones are much text too. */
const PER_STRING = 16
/** Decodings inside decodings. */
const MAX_DEPTH = 2
/** Too short to be anything encoded. */
const SHORT = 24
const MAX_NAMED = 4_096
/** Windows that are searched without a pause: some 50 ms at worst. */
const MAX_AT_ONCE = 2_000
const MAX_NAMES = 2_000
const MAX_ITEMS = 200_000

/** Finds secrets by form, through encodings, and by value. Its own memory holds hashes only. */
export class SecretScanner {
  readonly #known: KnownSecrets | undefined
  /** Searched so far by this scanner. */
  #windows = 0
  readonly #names = new Map<string, boolean>()

  /** Without fingerprints nothing is known by its value. */
  constructor(fingerprints?: Fingerprints) {
    this.#known = fingerprints === undefined ? undefined : new KnownSecrets(fingerprints)
  }

  /** Makes a value known, for everybody or for one tree of tasks. */
  remember(value: string, kind: string, tree?: string): void {
    this.#known?.add(value, kind, tree)
  }

  /** What was made known after the first `count` values: for a scanner of another thread with the same fingerprints. */
  learned(count: number): Learned {
    return this.#known?.since(count) ?? { entries: [], count: 0 }
  }

  learn({ entries }: Learned): void {
    this.#known?.take(entries)
  }

  /** @param tree the root task whose own known values count too. */
  search(text: string, tree?: string): Search {
    let complete = true
    const finds: SecretFind[] = []
    for (let from = 0; from === 0 || from + OVERLAP < text.length; from += PIECE - OVERLAP) {
      const found = this.#searchPiece(text.slice(from, from + PIECE), tree, 0)
      complete &&= found.complete
      for (const { kind, start, end } of found.finds)
        finds.push({ kind, start: start + from, end: end + from })
    }
    return { finds: withoutOverlap(finds), complete }
  }

  /**
   * Every string of a value, names of members too, each also as the assignment `name="value"` that it is. Takes as
   * many UTF-16 code units as `limit` allows, and no more CPU time than about 50 ms.
   */
  searchJson(
    value: Json,
    options: { readonly limit: number; readonly tree?: string | undefined },
  ): JsonSearch {
    const steps = this.searchSteps(value, options)
    const before = this.#windows
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value
      if (this.#windows - before > MAX_AT_ONCE) return { finds: [], complete: false }
    }
  }

  /** The same in steps of bounded CPU time, between which others may run. */
  *searchSteps(
    value: Json,
    { limit, tree }: { readonly limit: number; readonly tree?: string | undefined },
  ): Generator<undefined, JsonSearch> {
    const finds: SecretSpan[] = []
    let complete = true
    let spent = 0
    let pause = PIECE
    let items = 0
    for (const { pointer, name, text } of stringsOf(value)) {
      spent += text.length + PER_STRING
      if (spent > limit || (items += 1) > MAX_ITEMS) return { finds, complete: false }
      for (let from = 0; from === 0 || from + OVERLAP < text.length; from += PIECE - OVERLAP) {
        const piece = text.slice(from, from + PIECE)
        const found = this.#searchMember(piece, from === 0 ? name : undefined, tree)
        complete &&= found.complete
        for (const { kind, start, end } of found.finds) {
          finds.push({ kind, pointer, start: start + from, end: end + from })
        }
        pause -= piece.length
        if (pause <= 0) {
          pause = PIECE
          yield
        }
      }
    }
    return { finds: dedupe(finds), complete }
  }

  #searchMember(text: string, name: string | undefined, tree: string | undefined): Search {
    const plain = this.#searchPiece(text, tree, 0)
    if (name === undefined || text.length > MAX_NAMED || text.length < 6 || !this.#mayNameSecret(name))
      return plain
    const before = name.length + 2
    const assigned = this.#searchText(`${name}="${text}"`)
    const inside = assigned.finds
      .filter(({ start, end }) => end > before && start < before + text.length)
      .map(({ kind, start, end }) => ({
        kind,
        start: Math.max(0, start - before),
        end: Math.min(text.length, end - before),
      }))
    if (inside.length === 0) return plain
    return {
      finds: withoutOverlap([...plain.finds, ...inside]),
      complete: plain.complete && assigned.complete,
    }
  }

  #searchText(text: string): SecretSearch {
    const found = searchSecrets(text)
    this.#windows += found.windows
    return found
  }

  /** Names repeat from call to call. */
  #mayNameSecret(name: string): boolean {
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const may = holdsKeyword(name)
    if (this.#names.size < MAX_NAMES) this.#names.set(name, may)
    return may
  }

  #searchPiece(text: string, tree: string | undefined, depth: number): Search {
    const plain = this.#searchText(text)
    if (text.length < SHORT && plain.finds.length === 0 && depth === 0 && /^[\w./ -]*$/.test(text)) {
      const found = this.#known?.find(text, tree) ?? []
      return found.length === 0 ? plain : { finds: found, complete: true }
    }
    const finds: SecretFind[] = [...(this.#known?.find(text, tree) ?? []), ...plain.finds]
    let { complete } = plain
    if (depth < MAX_DEPTH) {
      for (const view of decodedViews(text)) {
        const found = this.#searchPiece(view.text, tree, depth + 1)
        complete &&= found.complete
        for (const { kind, start, end } of found.finds) {
          const [from, to] = view.origin(start, end)
          finds.push({ kind, start: from, end: to })
        }
      }
    }
    return { finds: withoutOverlap(finds), complete }
  }
}

interface FoundString {
  readonly pointer: string
  /** Name of the member that holds it. */
  readonly name: string | undefined
  readonly text: string
}

/** Strings in the order in which they stand; a name of a member has the pointer of its value and `#` at the end. */
function* stringsOf(root: Json): Generator<FoundString> {
  const open: { readonly value: Json; readonly pointer: string; readonly name: string | undefined }[] = [
    { value: root, pointer: '', name: undefined },
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, name } = next
    if (typeof value === 'string') yield { pointer, name, text: value }
    else if (Array.isArray(value)) {
      const items = value as readonly Json[]
      for (let at = items.length - 1; at >= 0; at -= 1) {
        open.push({ value: items[at] ?? null, pointer: `${pointer}/${at}`, name })
      }
    } else if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value as JsonObject)
      for (let at = members.length - 1; at >= 0; at -= 1) {
        const [key, member] = members[at] ?? ['', undefined]
        const below = `${pointer}/${pointerStep(key)}`
        if (member !== undefined) open.push({ value: member, pointer: below, name: key })
        if (key.length >= 12) open.push({ value: key, pointer: `${below}#`, name: undefined })
      }
    }
  }
}

/** Pieces overlap, so that a find may come twice. */
function dedupe(finds: readonly SecretSpan[]): readonly SecretSpan[] {
  if (finds.length === 0) return finds
  const byPointer = Map.groupBy(finds, ({ pointer }) => pointer)
  return [...byPointer].flatMap(([pointer, found]) =>
    withoutOverlap(found).map(({ kind, start, end }) => ({ pointer, kind, start, end })),
  )
}
