/** A place outside that checkpoints are copied to, and how old the copy there is. */
export interface CopyAnswer {
  readonly name: string
  /** Records that the newest copy covers; absent = none was delivered. */
  readonly size?: number
  /** When it was delivered, in RFC 3339. */
  readonly at?: string
  /** Why the last attempt failed. */
  readonly error?: string
}

/** How the ledger is, as `GET /status` says it. */
export interface LedgerAnswer {
  readonly size: number
  /** The newest checkpoint, a signed note. */
  readonly checkpoint?: string
  readonly copies: readonly CopyAnswer[]
  /** Times, in RFC 3339, in which nothing was recorded though the gateway had not stopped; the last ten. */
  readonly silences: readonly { readonly from: string; readonly until: string }[]
}
