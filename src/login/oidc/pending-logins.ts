import type { AuthorizationServer } from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { digestOf, type EntryKind, putEntry, readEntry, useUp } from '../entries.ts'
import type { LoginDeps } from '../login-deps.ts'
import type { RequestKey } from '../request-key.ts'

/** A login whose browser is at a provider, with all that finishing it needs, on whichever gateway. */
export interface PendingLogin {
  /** Name of the provider. */
  readonly provider: string
  readonly issuer: AuthorizationServer
  readonly state: string
  readonly nonce: string
  /** RFC 7636. */
  readonly verifier: string
  /** Public half of the key that the page made which began it: it alone finishes. */
  readonly key: RequestKey
  /** Digest of the cookie that the browser was given which began it. */
  readonly trip: string
  /** Milliseconds since the epoch. */
  readonly ends: number
}

/** One whose browser came back, with what it brought: unchecked. */
export interface ReturnedLogin extends PendingLogin {
  readonly params: string
}

type Place = Pick<LoginDeps, 'tenant' | 'store' | 'clock' | 'journal' | 'sealing'>

/**
 * Logins on their way, in the store that gateways share: sealed, forgotten when they end, each step taken once by one of
 * all gateways. The store is told digests of states and cookies, never what somebody could use.
 */
export class PendingLogins {
  readonly #place: Place

  constructor(place: Place) {
    this.#place = place
  }

  async begin(login: PendingLogin): Promise<void> {
    const changes = [this.#put('pending', digestOf(login.state), login)]
    await this.#place.journal.commit({ records: [], changes })
  }

  /** @param state as a browser brought it. */
  waiting(state: string): Promise<PendingLogin | undefined> {
    return this.#read<PendingLogin>('pending', digestOf(state))
  }

  /** A state is good once. @returns false = it was brought before. */
  async comeBack(login: ReturnedLogin): Promise<boolean> {
    const changes = [
      useUp(this.#place, 'pending', digestOf(login.state)),
      this.#put('returned', login.trip, login),
    ]
    return (await this.#place.journal.commit({ records: [], changes })) === 'committed'
  }

  returned(trip: string): Promise<ReturnedLogin | undefined> {
    return this.#read<ReturnedLogin>('returned', trip)
  }

  /** @returns false = it was finished before. */
  async finish({ trip }: ReturnedLogin): Promise<boolean> {
    const changes = [useUp(this.#place, 'returned', trip)]
    return (await this.#place.journal.commit({ records: [], changes })) === 'committed'
  }

  #put(kind: EntryKind, id: string, login: PendingLogin) {
    const body = this.#place.sealing.seal(placeOf(kind, id), JSON.stringify(login))
    return putEntry(this.#place, kind, { id, expires: login.ends, body })
  }

  async #read<Login>(kind: EntryKind, id: string): Promise<Login | undefined> {
    const entry = await readEntry<string>(this.#place, kind, id)
    if (entry === undefined) return undefined
    try {
      return JSON.parse(this.#place.sealing.unseal(placeOf(kind, id), entry.body)) as Login
    } catch (thrown) {
      // Sealed under a key that was taken away since: it is begun anew.
      if (thrown instanceof RemitError && thrown.code === 'key_unusable') return undefined
      throw thrown
    }
  }
}

/** No name of a secret has a colon, so that nothing sealed here opens as one, or the other way round. */
function placeOf(kind: EntryKind, id: string): string {
  return `login.${kind}:${id}`
}
