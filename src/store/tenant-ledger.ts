import { checkpointOrigin, signCheckpoint } from '../audit/checkpoint.ts'
import { hashLeaf, NO_LEAF, toHex } from '../audit/merkle-hash.ts'
import { commitment } from '../audit/seal.ts'
import { recordBody, type SerialisedRecord, type WriterMark } from '../audit/serialise-record.ts'
import type { Tile } from '../audit/tiles.ts'
import { restoreTree, type RestoredTree, type RestoreOptions } from './restore-tree.ts'
import type { RecordRow, TreeRows } from './tree-rows.ts'

export interface SaltedText {
  readonly text: string
  readonly salt: Uint8Array
}

/** Takes rows of one tenant into the transaction that is open. */
export interface LedgerSink {
  insertRecord(index: number, leaf: Uint8Array, body: string): void
  insertContent(index: number, detail: SaltedText | undefined, payload: SaltedText | undefined): void
  insertTile(tile: Tile): void
  insertCheckpoint(size: number, note: string): void
}

/** Where a writer stands in a tenant's ledger: its next number, and the leaf of its last record in hex. */
export type WriterPlace = Pick<WriterMark, 'prev' | 'seq'>

export interface TenantLedgerOptions extends Omit<RestoreOptions, 'onTile'> {
  readonly rows: TreeRows & LedgerSink
  readonly writer: string
  readonly salt: () => Uint8Array
  /** Absent = nobody else writes here, so that the last record is the writer's own. */
  readonly place?: WriterPlace
}

/** Gives the records of one tenant their places, in the transaction that is open. */
export class TenantLedger {
  readonly tenant: string
  readonly #sink: LedgerSink
  readonly #options: TenantLedgerOptions
  readonly #tree: RestoredTree['tree']
  #place: WriterPlace
  #signedSize: number
  #following = false
  signedAt = 0

  /** @throws RemitError `ledger_broken`, see `restoreTree`. */
  constructor(options: TenantLedgerOptions) {
    this.tenant = options.tenant
    this.#sink = options.rows
    this.#options = options
    const restored = restoreTree({
      ...options,
      onTile: (tile) => {
        if (!this.#following) this.#sink.insertTile(tile)
      },
    })
    this.#tree = restored.tree
    this.#signedSize = restored.signedSize
    this.#place = options.place ?? placeAfter(restored.last)
  }

  get size(): number {
    return this.#tree.size
  }

  get place(): WriterPlace {
    return this.#place
  }

  /** The tree has grown since its newest checkpoint. */
  get unsigned(): boolean {
    return this.#tree.size > this.#signedSize
  }

  append(record: SerialisedRecord): void {
    const { writer, salt } = this.#options
    const detail = record.detail === undefined ? undefined : { text: record.detail, salt: salt() }
    const payload = record.payload === undefined ? undefined : { text: record.payload, salt: salt() }
    const seals = {
      ...(detail && { detail: commitment(detail.salt, detail.text) }),
      ...(payload && { payload: commitment(payload.salt, payload.text) }),
    }
    const body = recordBody(record, seals, { id: writer, ...this.#place })
    const leaf = hashLeaf(body)
    const index = this.#tree.size
    this.#sink.insertRecord(index, leaf, body)
    if (detail || payload) this.#sink.insertContent(index, detail, payload)
    this.#tree.append(leaf)
    this.#place = { prev: toHex(leaf), seq: this.#place.seq + 1 }
  }

  /** Takes in what another writer has put behind the records known here; its tiles are stored already. */
  follow(leaves: readonly Uint8Array[]): void {
    this.#following = true
    for (const leaf of leaves) this.#tree.append(leaf)
    this.#following = false
  }

  /** Signs the tree as it is, into the transaction that is open. */
  sign(now: number): string {
    const { signingKey, handover } = this.#options
    const head = { origin: checkpointOrigin(this.tenant), size: this.#tree.size, root: this.#tree.root() }
    const note = signCheckpoint(head, signingKey, ...(handover?.signAlso ? [handover.signAlso] : []))
    this.#sink.insertCheckpoint(head.size, note)
    this.#signedSize = head.size
    this.signedAt = now
    return note
  }
}

function placeAfter(last: RecordRow | undefined): WriterPlace {
  if (last === undefined) return { prev: NO_LEAF, seq: 0 }
  const { writer } = JSON.parse(last.body) as { readonly writer: { readonly seq: number } }
  return { prev: toHex(last.leaf), seq: writer.seq + 1 }
}
