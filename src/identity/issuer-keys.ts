import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type JSONWebKeySet,
  type JWTHeaderParameters,
  type JWTVerifyGetKey,
} from 'jose'
import { RemitError } from '../core/errors.ts'
import type { WorkloadKind } from '../core/workload.ts'

export interface IssuerKeysOptions {
  readonly kind: WorkloadKind
  /** For messages. */
  readonly name: string
  /** Fetches or reads the set of keys. @throws RemitError when it cannot be had. */
  readonly load: () => Promise<unknown>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Milliseconds. A key that the issuer took back counts that long; where the issuer does not answer, `KEPT`. */
const FRESH = 600_000
const KEPT = 3_600_000
/** Between two looks for a key that is not there: whoever sends made-up key ids must not make us ask all the time. */
const PAUSE = 30_000
const MOST_KEYS = 100

interface Known {
  readonly at: number
  readonly find: JWTVerifyGetKey
}

/** The keys of one issuer of workload tokens: fetched when needed, kept for ten minutes, looked for anew at most twice a minute. */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions
  #known: Known | undefined
  #loading: Promise<Known> | undefined
  #tried = Number.NEGATIVE_INFINITY

  constructor(options: IssuerKeysOptions) {
    this.#options = options
  }

  /** The one key with which this header says that it was signed. @throws RemitError `token_invalid`, `upstream_unavailable`. */
  async keyOf(header: JWTHeaderParameters, token: Parameters<JWTVerifyGetKey>[1]): Promise<CryptoKey> {
    const known = await this.#current()
    const found = await find(known, header, token)
    if (found !== undefined) return found
    // Keys change before anybody is told.
    const { now } = this.#options
    if (now() - this.#tried >= PAUSE) {
      const again = await find(await this.#load(), header, token)
      if (again !== undefined) return again
    }
    throw new RemitError('token_invalid', 'the workload token is signed with no key of its issuer')
  }

  async #current(): Promise<Known> {
    const { now } = this.#options
    const known = this.#known
    const age = known === undefined ? Infinity : now() - known.at
    if (known !== undefined && age < FRESH) return known
    if (now() - this.#tried < PAUSE) {
      if (this.#loading !== undefined) return this.#loading
      if (known !== undefined && age < KEPT) return known
      throw new RemitError(
        'upstream_unavailable',
        `the keys of \`${this.#options.name}\` could not be had a moment ago; try again in ${PAUSE / 1000} s`,
      )
    }
    try {
      return await this.#load()
    } catch (error) {
      if (known !== undefined && age < KEPT) return known
      throw error
    }
  }

  #load(): Promise<Known> {
    const { load, now, kind, name } = this.#options
    this.#tried = now()
    this.#loading ??= load()
      .then((value) => {
        const known = {
          at: now(),
          find: createLocalJWKSet(publicKeys(value, { kind, name })) as JWTVerifyGetKey,
        }
        this.#known = known
        return known
      })
      .finally(() => {
        this.#loading = undefined
      })
    return this.#loading
  }
}

async function find(
  known: Known,
  header: JWTHeaderParameters,
  token: Parameters<JWTVerifyGetKey>[1],
): Promise<CryptoKey | undefined> {
  try {
    return (await known.find(header, token)) as CryptoKey
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return undefined
    throw error
  }
}

/**
 * Only public keys that sign: a shared secret in the set would make everybody who reads the set an issuer. Of a SPIFFE
 * bundle the keys of JWT-SVIDs, as SPIFFE_Trust_Domain_and_Bundle §4.2.2 marks them.
 * @throws RemitError `upstream_unavailable`.
 */
function publicKeys(value: unknown, { kind, name }: Pick<IssuerKeysOptions, 'kind' | 'name'>): JSONWebKeySet {
  const keys = (value as Partial<JSONWebKeySet> | null | undefined)?.keys
  if (!Array.isArray(keys) || keys.length > MOST_KEYS) throw unusable(name, 'it is no JWK set (RFC 7517)')
  const usable = keys.flatMap((key) => {
    if (typeof key !== 'object' || key === null) return []
    if (!['RSA', 'EC', 'OKP'].includes(String(key.kty)) || 'd' in key || 'k' in key) return []
    if (kind !== 'spiffe') return [key]
    const { use, ...rest } = key
    return use === 'jwt-svid' ? [rest] : []
  })
  if (usable.length === 0) throw unusable(name, 'it has no public key for signatures')
  return { keys: usable }
}

function unusable(name: string, why: string): RemitError {
  return new RemitError('upstream_unavailable', `the keys of \`${name}\` cannot be used: ${why}`)
}
