import { ERASABLE_PARTS } from '../core/erasure.ts'
import { RECORD_VERSION } from '../core/record.ts'
import type { LedgerRow, SealedBytes } from './ledger-source.ts'
import { hashLeaf, NO_LEAF, sameBytes, toHex } from './merkle-hash.ts'
import { commitment, SALT_BYTES } from './seal.ts'
import type { ErasureBody, ErasureChecks } from './verify-erasures.ts'
import type { FindingKind } from './verify-findings.ts'
import { WriterSilences } from './writer-silences.ts'

export type Complain = (kind: FindingKind, what: string) => void

/** A row that has its record. */
export type WholeRow = LedgerRow & { readonly body: Uint8Array; readonly leaf: Uint8Array }

interface Around {
  readonly tiled: Uint8Array | undefined
  readonly next: LedgerRow | undefined
}

interface WriterState {
  readonly prev: string
  readonly seq: number
}

interface ParsedBody extends ErasureBody {
  readonly v?: unknown
  readonly tenant?: unknown
  readonly sealed?: { readonly detail?: unknown; readonly payload?: unknown }
  readonly at?: unknown
  readonly kind?: unknown
  readonly data?: unknown
  readonly writer?: { readonly id?: unknown; readonly prev?: unknown; readonly seq?: unknown }
}

/** Checks the records of one tenant one by one, in order. */
export class RecordChecks {
  readonly #tenant: string
  readonly #erasures: ErasureChecks
  readonly #writers = new Map<string, WriterState>()
  /** True after records were missing: then what the next one names as its previous cannot be compared. */
  #gap = false
  readonly silences = new WriterSilences()
  /** Where the records before the first are trusted: writers that were met nowhere before it. */
  readonly unknown = new Set<string>()
  readonly #midway: boolean

  /** @param midway the records before the first one are not looked at, since they are trusted. */
  constructor(tenant: string, erasures: ErasureChecks, midway = false) {
    this.#tenant = tenant
    this.#erasures = erasures
    this.#midway = midway
  }

  /** A trusted record before the first that is checked: where its writer stands. */
  learn(row: WholeRow): void {
    const body = parseBody(row.body)
    if (body !== undefined && sameBytes(hashLeaf(row.body), row.leaf)) this.#remember(body, row.leaf)
    this.#gap = false
  }

  skipped(): void {
    this.#gap = true
  }

  /**
   * @param around the leaf that a full tile has for this place, if one does, and the record that follows.
   * @returns the leaf that the tree was most likely built with.
   */
  check(row: WholeRow, around: Around, complain: Complain): Uint8Array {
    const computed = hashLeaf(row.body)
    const leaf = likelyLeaf(computed, row.leaf, around)
    if (!sameBytes(computed, row.leaf)) {
      if (sameBytes(computed, leaf)) complain('leaf', 'leaf is not the hash of its body')
      else complain('body', 'body does not match its leaf')
    }
    const body = parseBody(row.body)
    if (body === undefined) complain('body', 'body is not JSON')
    // Of a body that was changed nothing else can be believed.
    else if (sameBytes(computed, leaf)) this.#checkBody(body, row, complain)
    this.#remember(body, leaf)
    const writer = body?.writer?.id
    if (typeof writer === 'string') this.silences.see(row.index, body ?? {}, writer)
    return leaf
  }

  #checkBody(body: ParsedBody, row: LedgerRow, complain: Complain): void {
    if (body.v !== RECORD_VERSION) complain('envelope', `version is ${JSON.stringify(body.v)}`)
    if (body.tenant !== this.#tenant) complain('envelope', `belongs to tenant ${JSON.stringify(body.tenant)}`)
    const { id, prev, seq } = body.writer ?? {}
    const known = this.#writers.get(String(id))
    const expected = known ?? { prev: NO_LEAF, seq: 0 }
    if (known === undefined && this.#midway && seq !== 0) {
      this.unknown.add(String(id))
      return this.#checkContent(body, row, complain)
    }
    if (!this.#gap && seq !== expected.seq) {
      complain('counter', `its writer counts ${JSON.stringify(seq)} where ${expected.seq} is next`)
    }
    if (!this.#gap && prev !== expected.prev)
      complain('previous', 'names another leaf as its writer’s previous')
    this.#checkContent(body, row, complain)
  }

  #checkContent(body: ParsedBody, row: LedgerRow, complain: Complain): void {
    for (const part of ERASABLE_PARTS) {
      const sealed = body.sealed?.[part]
      const content = row[part]
      const isThere = content?.text !== undefined || content?.salt !== undefined
      if (sealed !== undefined) this.#erasures[isThere ? 'there' : 'gone'](row.index, part)
      if (sealed === undefined || isThere) checkSeal(part, sealed, content, complain)
    }
    this.#erasures.record(row.index, body, row.detail?.text)
  }

  #remember(body: ParsedBody | undefined, leaf: Uint8Array): void {
    const { id, seq } = body?.writer ?? {}
    this.#gap = typeof id !== 'string' || typeof seq !== 'number'
    if (typeof id === 'string' && typeof seq === 'number') {
      this.#writers.set(id, { prev: toHex(leaf), seq: seq + 1 })
    }
  }
}

/** The hash of the body or the leaf beside it: where they differ, the one that something else agrees with. */
function likelyLeaf(computed: Uint8Array, stored: Uint8Array, { tiled, next }: Around): Uint8Array {
  if (sameBytes(computed, stored)) return stored
  if (tiled !== undefined) return sameBytes(computed, tiled) ? computed : stored
  return next?.body && parseBody(next.body)?.writer?.prev === toHex(computed) ? computed : stored
}

function parseBody(bytes: Uint8Array): ParsedBody | undefined {
  try {
    const body: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return typeof body === 'object' && body !== null ? body : undefined
  } catch {
    return undefined
  }
}

function checkSeal(
  part: 'detail' | 'payload',
  sealed: unknown,
  content: SealedBytes | undefined,
  complain: Complain,
): void {
  const { text, salt } = content ?? {}
  if (sealed === undefined) {
    if (text !== undefined || salt !== undefined)
      complain('content', `has a ${part} that it does not commit to`)
  } else if (text === undefined || salt === undefined) {
    // An erasure destroys both halves.
    complain('content', `half of ${part} is gone`)
  } else if (salt.length !== SALT_BYTES || commitment(salt, text) !== sealed) {
    complain('content', `${part} does not match its commitment`)
  }
}
