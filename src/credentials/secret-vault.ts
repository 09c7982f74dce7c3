import type { Change } from '../core/change.ts'
import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { HumanId, TenantId } from '../core/ids.ts'
import type { StoredSecret } from '../core/stored-secret.ts'
import { type MasterKey, openSecret, sealSecret } from './seal-secret.ts'
import type { SecretStore } from './secret-store.ts'

/** What happened to an entry, for its record; never with a value. */
export interface SecretEvent {
  readonly kind:
    | 'secret.set'
    | 'secret.rotated'
    | 'secret.removed'
    | 'secret.resealed'
    | 'credential.connected'
    | 'credential.refreshed'
    | 'credential.disconnected'
    | 'key.rotated'
  readonly by: HumanId
  readonly name: string
  readonly version: number
  /** What else is known of it. */
  readonly data?: JsonObject
}

export interface VaultDeps {
  readonly tenant: TenantId
  readonly store: SecretStore
  /** The first seals; the others only open what was sealed before. */
  readonly keys: readonly [MasterKey, ...MasterKey[]]
  readonly now: () => number
  /** Changes and their records become durable together. @throws RemitError `ledger_unavailable`, `ledger_busy`. */
  readonly commit: (
    changes: readonly Change[],
    events: readonly SecretEvent[],
  ) => Promise<'committed' | 'conflict'>
  /** Told of each value before anybody can use it, so that it can be kept out of what others read. */
  readonly learned: (value: string, name: string) => void
}

interface Held {
  readonly entry: StoredSecret
  /** Or why it cannot be had. */
  readonly value: string | RemitError
}

/** Shorter ones would be found where nothing is secret, and could be guessed. */
const SHORTEST = 8
const LONGEST = 16_384

/** The encrypted store of one tenant, opened: values are in memory only, and there is no way to list them. */
export class SecretVault {
  readonly #deps: VaultDeps
  readonly #held = new Map<string, Held>()
  readonly #listeners = new Set<(name: string) => void>()
  #last: Promise<unknown> = Promise.resolve()

  private constructor(deps: VaultDeps) {
    this.#deps = deps
  }

  /** @throws RemitError `key_unusable` when an entry is sealed under a key that is not given. */
  static async open(deps: VaultDeps): Promise<SecretVault> {
    const vault = new SecretVault(deps)
    const entries = await deps.store.list(deps.tenant)
    const foreign = entries.find(({ key }) => !deps.keys.some(({ id }) => id === key))
    if (foreign !== undefined) openSecret(deps.keys, foreign)
    vault.#take(entries)
    return vault
  }

  /** @throws RemitError `key_unusable` for one that is there and cannot be opened. */
  value(name: string): string | undefined {
    const held = this.#held.get(name)
    if (held?.value instanceof RemitError) throw held.value
    return held?.value
  }

  /** Told when the value behind a name is another one, or gone. */
  onChange(listener: (name: string) => void): void {
    this.#listeners.add(listener)
  }

  has(name: string): boolean {
    return this.#held.has(name)
  }

  /** Everything but the values, by name. */
  list(): readonly (Omit<StoredSecret, 'sealed'> & { readonly usable: boolean })[] {
    return [...this.#held.values()]
      .map(({ entry: { sealed: _sealed, ...entry }, value }) => ({
        ...entry,
        usable: !(value instanceof RemitError),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** An entry of the gateway's own, with what a change is compared against. @throws RemitError `key_unusable`. */
  entry(name: string): { readonly value: string; readonly version: number } | undefined {
    const value = this.value(name)
    const version = this.#held.get(name)?.entry.version
    return value === undefined || version === undefined ? undefined : { value, version }
  }

  /**
   * Seals what is kept elsewhere in the store for a short while, bound to this tenant and to a name that no entry has.
   * @returns text that only `unseal` reads.
   */
  seal(name: string, value: string): string {
    const { tenant, keys } = this.#deps
    return JSON.stringify({
      key: keys[0].id,
      sealed: sealSecret(keys[0], { tenant, name, version: 0 }, value),
    })
  }

  /** @throws RemitError `key_unusable` for what was sealed elsewhere, under another name, or with a key that is gone. */
  unseal(name: string, text: string): string {
    const { tenant, keys } = this.#deps
    const { key, sealed } = JSON.parse(text) as Pick<StoredSecret, 'key' | 'sealed'>
    return openSecret(keys, { tenant, name, version: 0, key, sealed })
  }

  /** @throws RemitError `input_invalid`, `secret_changed`. */
  put(name: string, value: string, event: Pick<SecretEvent, 'kind' | 'by'>): Promise<void> {
    checkValue(value)
    return this.#inTurn(() => this.#write(name, value, event))
  }

  /**
   * A new value where the entry still has the version `from` (0 = there is none).
   * @param event absent = nothing that anybody would look for: it is on no record.
   * @throws RemitError `input_invalid`, `secret_changed`.
   */
  replace(
    name: string,
    value: string,
    from: number,
    event?: Pick<SecretEvent, 'kind' | 'by' | 'data'>,
  ): Promise<void> {
    checkValue(value)
    return this.#inTurn(async () => {
      if ((this.#held.get(name)?.entry.version ?? 0) !== from) throw changed()
      await this.#write(name, value, event)
    })
  }

  async #write(
    name: string,
    value: string,
    event?: Pick<SecretEvent, 'kind' | 'by' | 'data'>,
  ): Promise<void> {
    const { tenant, keys, now } = this.#deps
    const known = this.#held.get(name)?.entry
    const version = (known?.version ?? 0) + 1
    const place = { tenant, name, version }
    const [key] = keys
    const sealed = sealSecret(key, place, value)
    const by = event?.by ?? known?.by
    if (by === undefined) throw new RangeError('the first value of an entry is on record')
    const entry = { ...place, sealed, key: key.id, at: now(), by }
    // Known before it is durable: nothing that uses it can come first.
    this.#deps.learned(value, name)
    const events = event === undefined ? [] : [{ ...event, name, version }]
    await this.#commit([{ kind: 'put-secret', secret: entry }], events)
    this.#held.set(name, { entry, value })
    this.#changed(name)
  }

  /** @returns false = there is none. @throws RemitError `secret_changed`. */
  remove(name: string, event: Pick<SecretEvent, 'kind' | 'by'>): Promise<boolean> {
    return this.#inTurn(async () => {
      const held = this.#held.get(name)
      if (held === undefined) return false
      const { version } = held.entry
      const change = { kind: 'remove-secret', tenant: this.#deps.tenant, name, version } as const
      await this.#commit([change], [{ ...event, name, version }])
      this.#held.delete(name)
      this.#changed(name)
      return true
    })
  }

  /** Seals everything under the newest key. @returns how many entries were under another one. */
  reseal(by: HumanId): Promise<number> {
    return this.#inTurn(async () => {
      const [key] = this.#deps.keys
      const stale = [...this.#held.values()].filter(({ entry }) => entry.key !== key.id)
      const next = stale.map(({ entry, value }) => {
        if (value instanceof RemitError) throw value
        return {
          from: entry.key,
          value,
          entry: { ...entry, key: key.id, sealed: sealSecret(key, entry, value) },
        }
      })
      if (next.length === 0) return 0
      await this.#commit(
        next.map(({ entry, from }) => ({ kind: 'reseal-secret', secret: entry, from })),
        next.map(({ entry: { name, version } }) => ({ kind: 'secret.resealed', by, name, version })),
      )
      for (const { entry, value } of next) this.#held.set(entry.name, { entry, value })
      return next.length
    })
  }

  /** Takes in what other processes wrote to the same store. */
  refresh(): Promise<void> {
    return this.#inTurn(() => this.#reload())
  }

  async #reload(): Promise<void> {
    this.#take(await this.#deps.store.list(this.#deps.tenant))
  }

  #take(entries: readonly StoredSecret[]): void {
    const names = new Set(entries.map(({ name }) => name))
    const changed = [...this.#held.keys()].filter((name) => !names.has(name))
    for (const name of changed) this.#held.delete(name)
    for (const entry of entries) {
      const known = this.#held.get(entry.name)
      if (known?.entry.sealed === entry.sealed && known.entry.version === entry.version) continue
      const value = this.#open(entry)
      if (typeof value === 'string') this.#deps.learned(value, entry.name)
      this.#held.set(entry.name, { entry, value })
      if (known !== undefined && known.value === value) continue
      changed.push(entry.name)
    }
    for (const name of changed) this.#changed(name)
  }

  #changed(name: string): void {
    for (const listener of this.#listeners) listener(name)
  }

  #open(entry: StoredSecret): string | RemitError {
    try {
      return openSecret(this.#deps.keys, entry)
    } catch (error) {
      if (error instanceof RemitError) return error
      throw error
    }
  }

  async #commit(changes: readonly Change[], events: readonly SecretEvent[]): Promise<void> {
    if ((await this.#deps.commit(changes, events)) === 'committed') return
    await this.#reload()
    throw changed()
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => {})
    return turn
  }
}

function changed(): RemitError {
  return new RemitError(
    'secret_changed',
    'somebody else changed this secret at the same time; look at it again',
  )
}

function checkValue(value: string): void {
  if (value.length < SHORTEST) {
    throw new RemitError(
      'input_invalid',
      `a secret must have at least ${SHORTEST} characters: a shorter one cannot be kept out of what others read`,
    )
  }
  if (value.length > LONGEST) {
    throw new RemitError('input_invalid', `a secret must have at most ${LONGEST} characters`)
  }
  // oxlint-disable-next-line no-control-regex -- they end a header or a variable early
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value) || !value.isWellFormed()) {
    throw new RemitError('input_invalid', 'a secret must be one line of text without control characters')
  }
}
