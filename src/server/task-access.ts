import { BINDING_PATH } from '../api/agent-endpoint.ts'
import type { IssuedTaskAnswer } from '../api/contract.ts'
import { RemitError } from '../core/errors.ts'
import { agentPath } from './find-endpoint.ts'
import type { HolderKey } from '../identity/holder-key.ts'

/** Longest wait for the gateway to bind a token, in milliseconds. */
const PATIENCE = 10_000

/**
 * A task token in the hands of one key: each request goes with a proof of it (RFC 9449). A token that is bound to nobody
 * is bound first, once; where the gateway refuses that, its answer to what follows says why.
 */
export class TaskAccess {
  readonly #key: HolderKey
  readonly #bindingUrl: URL
  readonly #given: () => Promise<string>
  #nonce: string | undefined
  /** What a token that was given became. */
  #bound: { readonly given: string; readonly token: Promise<string> } | undefined

  /** @param of `endpoint`: of the gateway, to which alone the token is sent. */
  constructor(of: {
    readonly endpoint: string
    readonly token: () => Promise<string>
    readonly key: HolderKey
  }) {
    this.#key = of.key
    this.#given = of.token
    this.#bindingUrl = new URL(agentPath(of.endpoint, BINDING_PATH))
  }

  /** Who asks, for one request. */
  async headers(method: string, url: string): Promise<Record<string, string>> {
    return this.#prove(method, url, await this.#token())
  }

  /** Keeps the nonce of an answer that asks for one: nothing was done, and the same may be sent again with it. */
  asksForNonce(status: number, header: (name: string) => string | undefined): boolean {
    const nonce = header('dpop-nonce')
    if (nonce === undefined || nonce === this.#nonce) return false
    this.#nonce = nonce
    return status === 401 && header('www-authenticate')?.includes('use_dpop_nonce') === true
  }

  #prove(method: string, url: string, token: string): Record<string, string> {
    const proof = this.#key.prove({ method, url, token, nonce: this.#nonce, now: Date.now() })
    return { authorization: `DPoP ${token}`, dpop: proof }
  }

  async #token(): Promise<string> {
    const given = await this.#given()
    if (isBound(given)) return given
    if (this.#bound?.given !== given) this.#bound = { given, token: this.#bind(given) }
    return this.#bound.token
  }

  async #bind(given: string): Promise<string> {
    try {
      return (await this.#askToBind(given))?.token ?? given
    } catch (thrown) {
      // Nobody was there: the next request tries again.
      this.#bound = undefined
      throw thrown
    }
  }

  /** @throws RemitError `gateway_unreachable`. */
  async #askToBind(given: string): Promise<IssuedTaskAnswer | undefined> {
    const url = this.#bindingUrl
    for (;;) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...this.#prove('POST', url.href, given), 'content-type': 'application/json' },
        body: '{}',
        // A redirect would carry the token elsewhere.
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE),
      }).catch((cause: unknown) => {
        throw new RemitError('gateway_unreachable', `no gateway answers at \`${url.origin}\``, { cause })
      })
      if (response.ok) return (await response.json()) as IssuedTaskAnswer
      await response.body?.cancel()
      if (!this.asksForNonce(response.status, (name) => response.headers.get(name) ?? undefined)) {
        return undefined
      }
    }
  }
}

/** A token that whoever has it may use. */
export function bearerAccess(token: () => Promise<string>): Pick<TaskAccess, 'headers' | 'asksForNonce'> {
  return {
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    asksForNonce: () => false,
  }
}

/** What a token says of itself; the gateway alone knows whether it is true. */
export function tokenClaims(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    if (typeof claims === 'object' && claims !== null) return claims as Readonly<Record<string, unknown>>
  } catch {
    // Whatever it is, it claims nothing.
  }
  return {}
}

function isBound(token: string): boolean {
  return tokenClaims(token)['cnf'] !== undefined
}
