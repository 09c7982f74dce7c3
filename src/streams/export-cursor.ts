import type { Journal } from '../audit/journal.ts'
import type { Change } from '../core/change.ts'
import type { TenantId } from '../core/ids.ts'
import type { StoredOAuthEntry } from '../core/oauth-entry.ts'

/** How far one sink has the ledger, and who is at it. */
export interface CursorState {
  /** Index of the first record that the sink may not have. */
  readonly next: number
  /** End of the batch that is on its way: sent again it has the same bounds. */
  readonly planned?: number
  readonly holder?: string
  /** Milliseconds since the epoch until which the holder has it for itself. */
  readonly until: number
  /** What whoever reads the place must know: which records it never got, and why. */
  readonly remark?: string
}

export interface Cursor extends CursorState {
  readonly step: number
}

/** Where cursors lie, beside what logging in keeps. */
export interface CursorEntries {
  list(tenant: TenantId, model: string, uid: string): Promise<readonly StoredOAuthEntry[]>
}

const MODEL = 'export.cursor'
/** Nothing forgets them. */
const NEVER = 253_402_300_799_000

/**
 * The cursor of one sink in the store. Each step is an entry of its own, and removing it is what only one of several
 * replicas can do: compare and set.
 */
export class CursorBook {
  readonly #deps: {
    readonly tenant: TenantId
    readonly sink: string
    readonly entries: CursorEntries
    readonly journal: Journal
  }

  constructor(deps: {
    readonly tenant: TenantId
    readonly sink: string
    readonly entries: CursorEntries
    readonly journal: Journal
  }) {
    this.#deps = deps
  }

  /** Undefined = it was never begun. */
  async read(): Promise<Cursor | undefined> {
    const { tenant, sink, entries } = this.#deps
    const found = await entries.list(tenant, MODEL, sink)
    const cursors = found.map(({ body }) => JSON.parse(body) as Cursor)
    return cursors.toSorted((a, b) => b.step - a.step)[0]
  }

  /** Whoever begins at the same time is seen by the next `read`. */
  async begin(next: number): Promise<void> {
    await this.#deps.journal.commit({ records: [], changes: [this.#put({ next, until: 0, step: 0 })] })
  }

  /** @returns undefined = another replica moved it meanwhile. */
  async move(from: Cursor, to: CursorState): Promise<Cursor | undefined> {
    const { tenant, journal } = this.#deps
    const cursor = { ...to, step: from.step + 1 }
    const remove: Change = { kind: 'remove-oauth', tenant, model: MODEL, id: this.#id(from.step) }
    const result = await journal.commit({ records: [], changes: [remove, this.#put(cursor)] })
    return result === 'committed' ? cursor : undefined
  }

  #put(cursor: Cursor): Change {
    const { tenant, sink } = this.#deps
    const id = this.#id(cursor.step)
    const entry = { tenant, model: MODEL, id, uid: sink, at: 0, expires: NEVER, body: JSON.stringify(cursor) }
    return { kind: 'put-oauth', entry }
  }

  #id(step: number): string {
    return `${this.#deps.sink}/${step}`
  }
}
