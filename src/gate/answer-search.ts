import type { StoredRecord } from '../audit/record-reader.ts'
import type { Json } from '../core/json.ts'
import { standsIn } from './stands-in.ts'

const MOST_ANSWERS = 200
/** UTF-16 code units of answers. */
const MOST_TEXT = 2_097_152
const MOST_MICROS = 50_000
/** Searched at once; the clock is looked at in between, since what is sought may be made to be slow to find. */
const PIECE = 16_384
/** Answers that are searched whatever the clock says, as is one piece. */
const FIRST_ANSWERS = 16

/** What answers held, each looked at once; takes them newest first of each task, until it is full. */
export class AnswerSearch {
  /** Places in the ledger. */
  readonly searched: number[] = []
  /** By what was sought. */
  readonly oldest = new Map<string, StoredRecord>()
  /** Answers whose content is not there. */
  unkept = 0
  /** Something was not searched. */
  more = false
  #read = 0
  readonly #needles: readonly string[]
  readonly #micros: () => number
  readonly #start: number

  /** @param needles in lower case. @param micros a clock that never goes back. */
  constructor(needles: readonly string[], micros: () => number) {
    this.#needles = needles
    this.#micros = micros
    this.#start = micros()
  }

  get isFull(): boolean {
    const looked = this.searched.length + this.unkept
    return this.#read >= MOST_TEXT || looked >= MOST_ANSWERS || (looked >= FIRST_ANSWERS && this.#isLate())
  }

  take(record: StoredRecord): void {
    const { result, error } = record.payload ?? {}
    if (result === undefined && error === undefined) {
      this.unkept += 1
      return
    }
    this.searched.push(record.index)
    const { text, cut } = textOf([result ?? null, error ?? null], MOST_TEXT - this.#read)
    if (cut) this.more = true
    const folded = text.toLowerCase()
    for (let from = 0; from < folded.length; from += PIECE) {
      if (this.#read >= PIECE && this.#isLate()) {
        this.#read = MOST_TEXT
        this.more = true
        return
      }
      this.#searchPiece(record, folded, from)
      this.#read += Math.min(PIECE, folded.length - from)
    }
  }

  #searchPiece(record: StoredRecord, text: string, from: number): void {
    for (const needle of this.#needles) {
      const known = this.oldest.get(needle)
      const older = known === undefined || known.index > record.index
      if (older && standsIn(text, needle, { from, to: from + PIECE })) this.oldest.set(needle, record)
    }
  }

  #isLate(): boolean {
    return this.#micros() - this.#start > MOST_MICROS
  }
}

/** All strings and names, the first ones up to so many code units. */
function textOf(value: Json, most: number): { readonly text: string; readonly cut: boolean } {
  const texts: string[] = []
  let left = most
  const open: Json[] = [value]
  for (let at = open.pop(); at !== undefined && left > 0; at = open.pop()) {
    if (typeof at === 'string') {
      texts.push(at.slice(0, left))
      left -= at.length + 1
    } else if (typeof at === 'object' && at !== null) {
      const inside = Object.entries(at) as [string, Json | undefined][]
      for (const [name, member] of inside.toReversed()) {
        if (member !== undefined) open.push(member)
        if (!Array.isArray(at)) open.push(name)
      }
    }
  }
  return { text: texts.join('\n'), cut: left <= 0 }
}
