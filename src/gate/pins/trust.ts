/** Which definitions of a server count without a human having looked at them. */
export interface Trust {
  /** Those of the first list that the server ever gave. */
  readonly first: boolean
  /** Tools that it lists for the first time after that. */
  readonly later: boolean
  /** Another definition of a tool that is on record. */
  readonly changed: boolean
  /** Even such as the scan found something in. */
  readonly flagged: boolean
}

/** What configuration may say of a server. */
export const TRUST = {
  'first-use': { first: true, later: false, changed: false, flagged: false },
  review: { first: false, later: false, changed: false, flagged: false },
  updates: { first: true, later: true, changed: true, flagged: false },
} as const satisfies Readonly<Record<string, Trust>>
