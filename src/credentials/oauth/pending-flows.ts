import { createHash } from 'node:crypto'
import type { AuthorizationServer, Client } from 'oauth4webapi'
import type { Change } from '../../core/change.ts'
import { RemitError } from '../../core/errors.ts'
import type { HumanId, TenantId } from '../../core/ids.ts'
import type { StoredOAuthEntry } from '../../core/oauth-entry.ts'
import type { SecretVault } from '../secret-vault.ts'

/** A connection that was begun, with all that finishing it needs, on whichever gateway. */
export interface PendingFlow {
  readonly id: string
  readonly human: HumanId
  readonly server: string
  /** Of the server when it was begun: the tokens are for no other. */
  readonly url: string
  readonly issuer: AuthorizationServer
  readonly resource: string
  readonly client: Client
  readonly clientSecret?: string
  /** RFC 7636. */
  readonly verifier: string
  /** Milliseconds since the epoch. */
  readonly ends: number
}

/** One whose browser came back, with what it brought and the number that it alone was shown. */
export interface ReturnedFlow extends PendingFlow {
  /** Of the authorization response, checked. */
  readonly params: string
  readonly number: string
}

export interface PendingDeps {
  readonly tenant: TenantId
  readonly store: {
    get(tenant: TenantId, model: string, id: string): Promise<StoredOAuthEntry | undefined>
  }
  /** @throws RemitError `ledger_unavailable`, `ledger_busy`. */
  readonly commit: (changes: readonly Change[]) => Promise<'committed' | 'conflict'>
  readonly vault: Pick<SecretVault, 'seal' | 'unseal'>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const WAITING = 'ConnectWaiting'
const RETURNED = 'ConnectReturned'
const GUESS = 'ConnectGuess'
/** Numbers that may be tried before a flow is over. */
const GUESSES = 3

/**
 * Connections on their way, in the store that gateways share: sealed, forgotten when they end, each step taken once
 * by one of all gateways. The store is told digests of states and ids, never what somebody could use.
 */
export class PendingFlows {
  readonly #deps: PendingDeps

  constructor(deps: PendingDeps) {
    this.#deps = deps
  }

  async begin(state: string, flow: PendingFlow): Promise<void> {
    await this.#deps.commit([this.#put(WAITING, state, flow)])
  }

  waiting(state: string): Promise<PendingFlow | undefined> {
    return this.#read<PendingFlow>(WAITING, state)
  }

  /** A state is good once. @param flow what follows; absent = nothing. @returns false = somebody used it before. */
  async useState(state: string, flow?: ReturnedFlow): Promise<boolean> {
    const next = flow === undefined ? [] : [this.#put(RETURNED, flow.id, flow)]
    return (await this.#deps.commit([this.#remove(WAITING, state), ...next])) === 'committed'
  }

  returned(id: string): Promise<ReturnedFlow | undefined> {
    return this.#read<ReturnedFlow>(RETURNED, id)
  }

  /** Counts before anything is compared. @returns false = as many numbers were tried as may be. */
  async takeGuess({ id, ends }: PendingFlow): Promise<boolean> {
    const { tenant, now, commit } = this.#deps
    for (let count = 1; count <= GUESSES; count += 1) {
      const place = { tenant, model: GUESS, id: digest(`${id}.${count}`) }
      const at = now()
      const taken = await commit([
        { kind: 'put-oauth', entry: { ...place, at, expires: ends, body: '{}' } },
        { kind: 'consume-oauth', ...place, at },
      ])
      if (taken === 'committed') return true
    }
    return false
  }

  /** @returns false = it is over, or was finished before. */
  async end(id: string): Promise<boolean> {
    return (await this.#deps.commit([this.#remove(RETURNED, id)])) === 'committed'
  }

  #put(model: string, key: string, flow: PendingFlow): Change {
    const { tenant, vault, now } = this.#deps
    const id = digest(key)
    const body = vault.seal(placeOf(model, id), JSON.stringify(flow))
    return { kind: 'put-oauth', entry: { tenant, model, id, at: now(), expires: flow.ends, body } }
  }

  #remove(model: string, key: string): Change {
    return { kind: 'remove-oauth', tenant: this.#deps.tenant, model, id: digest(key) }
  }

  async #read<Flow>(model: string, key: string): Promise<Flow | undefined> {
    const { tenant, store, vault, now } = this.#deps
    const id = digest(key)
    const entry = await store.get(tenant, model, id)
    if (entry === undefined || entry.expires <= now()) return undefined
    try {
      return JSON.parse(vault.unseal(placeOf(model, id), entry.body)) as Flow
    } catch (thrown) {
      // Sealed under a master key that was taken away since, or not sealed here: it is begun anew.
      if (thrown instanceof RemitError && thrown.code === 'key_unusable') return undefined
      throw thrown
    }
  }
}

/** No name of a secret has a colon, so that nothing sealed here opens as one, or the other way round. */
function placeOf(model: string, id: string): string {
  return `${model}:${id}`
}

/** They are looked for by hash, so that how long that takes tells nothing. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}
