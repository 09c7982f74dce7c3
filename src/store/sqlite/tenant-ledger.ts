import { checkpointOrigin, signCheckpoint } from '../../audit/checkpoint.ts'
import { hashLeaf, NO_LEAF, toHex } from '../../audit/merkle-hash.ts'
import { commitment } from '../../audit/seal.ts'
import { recordBody, type SerialisedRecord } from '../../audit/serialise-record.ts'
import type { LedgerRows } from './ledger-rows.ts'
import { restoreTree, type RestoredTree, type RestoreOptions } from './restore-tree.ts'

export interface TenantLedgerOptions extends Omit<RestoreOptions, 'onTile'> {
  readonly writer: string
  readonly salt: () => Uint8Array
}

/** Gives the records of one tenant their places, in the transaction that is open. */
export class TenantLedger {
  readonly tenant: string
  readonly #rows: LedgerRows
  readonly #options: TenantLedgerOptions
  readonly #tree: RestoredTree['tree']
  #prev = NO_LEAF
  #seq = 0
  #signedSize: number
  signedAt = 0

  /** @throws RemitError `ledger_broken`, see `restoreTree`. */
  constructor(options: TenantLedgerOptions) {
    this.tenant = options.tenant
    this.#rows = options.rows
    this.#options = options
    const restored = restoreTree({ ...options, onTile: (tile) => this.#rows.insertTile(tile) })
    this.#tree = restored.tree
    this.#signedSize = restored.signedSize
    if (restored.last) {
      this.#prev = toHex(restored.last.leaf)
      this.#seq = nextSeq(restored.last.body)
    }
  }

  get size(): number {
    return this.#tree.size
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
    const body = recordBody(record, seals, { id: writer, prev: this.#prev, seq: this.#seq })
    const leaf = hashLeaf(body)
    const index = this.#tree.size
    this.#rows.insertRecord(index, leaf, body)
    if (detail || payload) this.#rows.insertContent(index, detail, payload)
    this.#tree.append(leaf)
    this.#prev = toHex(leaf)
    this.#seq += 1
  }

  /** Signs the tree as it is, into the transaction that is open. */
  sign(now: number): string {
    const head = { origin: checkpointOrigin(this.tenant), size: this.#tree.size, root: this.#tree.root() }
    const note = signCheckpoint(head, this.#options.signingKey)
    this.#rows.insertCheckpoint(head.size, note)
    this.#signedSize = head.size
    this.signedAt = now
    return note
  }
}

/** One writer owns the file for its life, so the last record of a tenant is always its own. */
function nextSeq(body: string): number {
  const { writer } = JSON.parse(body) as { readonly writer: { readonly seq: number } }
  return writer.seq + 1
}
