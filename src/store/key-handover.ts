import type { KeyObject } from 'node:crypto'

/** How a tenant's ledger passes from one key to another while nothing else is written to it. */
export interface KeyHandover {
  readonly tenant: string
  /** Signs every checkpoint beside the ledger's key. */
  readonly signAlso?: KeyObject
  /** Public key whose checkpoints count as the ledger's own, where its private half was lost. */
  readonly accept?: KeyObject
}
