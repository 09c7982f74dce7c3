import { hash } from 'node:crypto'
import type { Journal } from '../audit/journal.ts'
import type { TenantId } from '../core/ids.ts'
import type { Clock } from '../core/clock.ts'
import type { StoredOAuthEntry } from '../core/oauth-entry.ts'
import type { OAuthStore } from './oauth-store.ts'

export interface EntryValue {
  readonly model: string
  readonly id: string
  readonly value: unknown
  /** Milliseconds. */
  readonly lifetime: number
  readonly uid?: string
  readonly userCode?: string
}

interface EntriesDeps {
  readonly tenant: TenantId
  readonly store: OAuthStore
  readonly journal: Journal
  readonly clock: Clock
}

/** Entries by their ids, of which the store sees digests only. */
export class Entries {
  readonly #deps: EntriesDeps

  constructor(deps: EntriesDeps) {
    this.#deps = deps
  }

  async put({ model, id, value, lifetime, uid, userCode }: EntryValue): Promise<void> {
    const { tenant, clock, journal } = this.#deps
    const at = clock.now()
    const entry = {
      tenant,
      model,
      id: digest(id),
      at,
      expires: at + lifetime,
      body: JSON.stringify(value),
      ...(uid === undefined ? {} : { uid }),
      ...(userCode === undefined ? {} : { userCode: digest(userCode) }),
    }
    await journal.commit({ records: [], changes: [{ kind: 'put-oauth', entry }] })
  }

  /** Another value for an entry whose id only its holder knows. */
  async rewrite({ consumed: _consumed, ...entry }: StoredOAuthEntry, value: unknown): Promise<void> {
    const body = JSON.stringify(value)
    await this.#deps.journal.commit({
      records: [],
      changes: [{ kind: 'put-oauth', entry: { ...entry, body } }],
    })
  }

  async get(model: string, id: string): Promise<StoredOAuthEntry | undefined> {
    const { tenant, store } = this.#deps
    return this.#fresh(await store.get(tenant, model, digest(id)))
  }

  async find(model: string, by: 'uid' | 'userCode', value: string): Promise<StoredOAuthEntry | undefined> {
    const { tenant, store } = this.#deps
    return this.#fresh(await store.find(tenant, model, by, by === 'uid' ? value : digest(value)))
  }

  /** @returns whether this one used it: of many who try at once, one does. */
  async consume(model: string, id: string): Promise<boolean> {
    const { tenant, journal, clock } = this.#deps
    const change = { kind: 'consume-oauth', tenant, model, id: digest(id), at: clock.now() } as const
    return (await journal.commit({ records: [], changes: [change] })) === 'committed'
  }

  async remove(model: string, id: string): Promise<void> {
    const { tenant, journal } = this.#deps
    const change = { kind: 'remove-oauth', tenant, model, id: digest(id) } as const
    await journal.commit({ records: [], changes: [change] })
  }

  #fresh(entry: StoredOAuthEntry | undefined): StoredOAuthEntry | undefined {
    return entry === undefined || entry.expires <= this.#deps.clock.now() ? undefined : entry
  }
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url')
}
