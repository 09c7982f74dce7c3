import type { Change } from '../../core/change.ts'
import type { Clock } from '../../core/clock.ts'
import type { Cover } from '../../core/cover.ts'
import type { HumanId, TenantId } from '../../core/ids.ts'
import type { StoredOAuthEntry } from '../../core/oauth-entry.ts'

/** Who is away, and who agrees for whom, as it is now. */
export interface CoverBook {
  /** Undefined = they are there, and nobody agrees for them. */
  of(human: HumanId): Cover | undefined
  list(): readonly Cover[]
  /**
   * Sees to it that what is answered from now on is no older than this revision of what ends authority.
   * @param revision absent = than now.
   * @returns undefined = it is so already.
   */
  catchUp(revision?: number): Promise<void> | undefined
}

/** Where they are kept, beside what logging in keeps. */
interface CoverStore {
  list(tenant: TenantId, model: string, uid: string): Promise<readonly StoredOAuthEntry[]>
}

const MODEL = 'gate.cover'
/** All are listed under one name. */
const ALL = '*'

/** The covers of the store: read again when authority changed since, so that no replica goes by one that was ended. */
export class KnownCovers implements CoverBook {
  readonly #place: { readonly tenant: TenantId; readonly store: CoverStore; readonly clock: Clock }
  readonly #listeners: (() => void)[] = []
  #known: ReadonlyMap<HumanId, Cover> = new Map()
  #revision = -1
  #last: Promise<unknown> = Promise.resolve()

  constructor(place: { readonly tenant: TenantId; readonly store: CoverStore; readonly clock: Clock }) {
    this.#place = place
  }

  of(human: HumanId): Cover | undefined {
    const known = this.#known.get(human)
    return known !== undefined && this.#place.clock.now() < known.until ? known : undefined
  }

  list(): readonly Cover[] {
    const now = this.#place.clock.now()
    return [...this.#known.values()].filter(({ until }) => now < until)
  }

  catchUp(revision?: number): Promise<void> | undefined {
    if (revision !== undefined && revision <= this.#revision) return undefined
    const next = this.#last.then(() => this.#load(revision ?? -1))
    this.#last = next.catch(() => {})
    return next
  }

  /** Told when somebody is away or there again, or somebody else agrees for them. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  async #load(revision: number): Promise<void> {
    const { tenant, store } = this.#place
    const entries = await store.list(tenant, MODEL, ALL)
    const before = textOf(this.#known)
    this.#known = new Map(
      entries.map(({ body }) => {
        const cover = JSON.parse(body) as Cover
        return [cover.human, cover]
      }),
    )
    this.#revision = Math.max(this.#revision, revision)
    if (before !== textOf(this.#known)) for (const listener of this.#listeners) listener()
  }
}

function textOf(covers: ReadonlyMap<HumanId, Cover>): string {
  return JSON.stringify([...covers.values()])
}

/** Those in force that somebody said of themselves, or in which they are the deputy, as the store has them now. */
export async function coversWith(
  { tenant, store, clock }: { readonly tenant: TenantId; readonly store: CoverStore; readonly clock: Clock },
  human: HumanId,
): Promise<readonly Cover[]> {
  const entries = await store.list(tenant, MODEL, ALL)
  return entries
    .map(({ body }) => JSON.parse(body) as Cover)
    .filter((cover) => clock.now() < cover.until && (cover.human === human || cover.deputy === human))
}

/** Changes that put it in force on every replica, in place of what they said before. */
export function putCover(cover: Cover): readonly Change[] {
  const { tenant, human: id, since: at, until: expires } = cover
  const entry = { tenant, model: MODEL, id, uid: ALL, at, expires, body: JSON.stringify(cover) }
  return [
    { kind: 'put-oauth', entry },
    { kind: 'advance-standing', tenant },
  ]
}

/** Changes that end it on every replica; conflict when it is not there. */
export function removeCover({ tenant, human: id }: Cover): readonly Change[] {
  return [
    { kind: 'remove-oauth', tenant, model: MODEL, id },
    { kind: 'advance-standing', tenant },
  ]
}
