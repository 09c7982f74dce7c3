import type { TenantId } from '../core/ids.ts'
import type { RecordDetail, RecordEnvelope, RecordKind, RecordPayload } from '../core/record.ts'

/** A record in its place. `detail` and `payload` are absent when they were never there or were erased. */
export interface StoredRecord {
  readonly index: number
  /** The exact bytes that the leaf hash covers. */
  readonly body: string
  readonly envelope: RecordEnvelope
  readonly detail?: RecordDetail
  readonly payload?: RecordPayload
}

export interface RecordQuery {
  readonly tenant: TenantId
  readonly task?: string
  readonly kind?: RecordKind
  readonly id?: string
  /** Only records of this human’s tasks, and of what they did themselves. */
  readonly human?: string
  /** Only records with a larger index. */
  readonly after?: number
  /** Only records with a smaller index. */
  readonly before?: number
  /** Newest first and at most this many; default 100, at most 10,000. */
  readonly limit?: number
}

/** Reading the ledger; never on the way of a call, but for one that asks people. */
export interface RecordReader {
  query(query: RecordQuery): Promise<readonly StoredRecord[]>
  /** Records in the tree and the newest signed checkpoint (C2SP note), if one was signed. */
  head(tenant: TenantId): Promise<{ readonly size: number; readonly checkpoint?: string }>
}
