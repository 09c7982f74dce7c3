/** What a review looks at, in the order in which it is read. */
export const REVIEW_SECTIONS = [
  'reported',
  'missing-permit',
  'second-look',
  'combined-surface',
  'standing-authority',
  'new-surface',
  'answered-alike',
  'unused-permit',
  'ledger',
] as const
export type ReviewSection = (typeof REVIEW_SECTIONS)[number]

/** Something that somebody should look at. Ids, rules, tools and counts; nothing of what calls carried. */
export interface Finding {
  readonly section: ReviewSection
  /** What it is about: with the section it names the item from review to review. */
  readonly key: string
  readonly says: string
  readonly count: number
  /** Milliseconds since the epoch: when it happened last; absent = it is so now. */
  readonly last?: number
  /** Decisions and other records to look at; at most three. */
  readonly records: readonly string[]
  /** Who answers for it, as configured. */
  readonly owner?: string
  /** Words of whoever reported it. */
  readonly comment?: string
}

export const MARKS = ['accepted', 'todo', 'fixed'] as const
export type Mark = (typeof MARKS)[number]

/** What somebody said of an item: the newest counts. */
export interface ItemMark {
  readonly mark: Mark
  readonly by: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Of `accepted`: until when. */
  readonly until?: number
  readonly comment?: string
}

/** `settled` = accepted until a later time, or fixed and not seen again since. */
export interface ReviewItem extends Finding {
  readonly id: string
  readonly mark?: ItemMark
  readonly settled: boolean
}

export const MOST_RECORDS = 3

/** Whether an item needs nobody: what happened again after it was marked as fixed is open again. */
export function isSettled({ last }: Pick<Finding, 'last'>, mark: ItemMark | undefined, now: number): boolean {
  if (mark === undefined || mark.mark === 'todo') return false
  if (mark.mark === 'accepted') return mark.until === undefined || now < mark.until
  return last !== undefined && last <= mark.at
}
