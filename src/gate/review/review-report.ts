import type { ItemMark, ReviewItem, ReviewSection } from './review-item.ts'

/** What there was to look at, at one moment. */
export interface ReviewReport {
  /** SHA-256 over the items: what a sign-off is about. */
  readonly digest: string
  /** Milliseconds since the epoch: when it was made, and the time that it is about. */
  readonly made: number
  readonly from: number
  readonly until: number
  /** Records that were looked at, and decisions among them. */
  readonly looked: number
  readonly decisions: number
  /** False = there were more records or requests than one review looks at: the oldest are left out. */
  readonly whole: boolean
  readonly items: readonly ReviewItem[]
  /** Items of a section beyond those that are listed. */
  readonly more: Readonly<Partial<Record<ReviewSection, number>>>
  /** How long making it took, in milliseconds. */
  readonly took: number
}

/** How the review stands: whose it is, and when it is due. */
export interface ReviewState {
  /** Who signs off; absent = any admin. */
  readonly owner?: string
  /** Milliseconds. */
  readonly every: number
  /** Milliseconds since the epoch; of the first, so long after the first record. */
  readonly due: number
  readonly overdue: boolean
  readonly last?: SignOff
}

export interface SignOff {
  readonly id: string
  readonly by: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly digest: string
  readonly items: number
  /** Items that were neither accepted nor fixed. */
  readonly open: number
  readonly comment?: string
}

export interface ReviewAnswer {
  readonly state: ReviewState
  /** The newest that is ready. */
  readonly report?: ReviewReport
  /** One is being made: how many of how many records it has looked at. */
  readonly running?: { readonly looked: number; readonly of: number }
}

/** What the gate is told of the configuration. */
export interface ReviewSettings {
  readonly owner?: string
  /** Milliseconds. */
  readonly every: number
}

export type MarksByItem = ReadonlyMap<string, ItemMark>
