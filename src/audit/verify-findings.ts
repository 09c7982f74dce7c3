/** What can be wrong with a ledger, by the part that is not what it was. */
export type FindingKind =
  | 'body'
  | 'leaf'
  | 'missing'
  | 'order'
  | 'envelope'
  | 'counter'
  | 'previous'
  | 'content'
  | 'tile'
  | 'checkpoint'
  | 'truncated'
  | 'outside'
  | 'key'
  | 'unreadable'
  | 'damage'

export interface Finding {
  readonly kind: FindingKind
  readonly tenant?: string
  /** Record index, or the first record that a tile covers, or the size of a checkpoint. */
  readonly index?: number
  /** One sentence: `record 17: body does not match its leaf`. */
  readonly text: string
}

/** Findings kept; a ledger with more is broken beyond listing. */
const MOST = 10_000

export class Findings {
  readonly list: Finding[] = []
  /** Found but not kept. */
  more = 0

  add(finding: Finding): void {
    if (this.list.length < MOST) this.list.push(finding)
    else this.more += 1
  }
}
