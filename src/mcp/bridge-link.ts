import { Agent, request, type Dispatcher } from 'undici'

/** A gateway's answer as it begins. */
export interface LinkAnswer {
  readonly status: number
  readonly headers: Dispatcher.ResponseData['headers']
  readonly body: Dispatcher.ResponseData['body']
}

/** Who asks. */
export interface LinkCredentials {
  /** Headers that say so, for one request. */
  headers(method: string, url: string): Promise<Record<string, string>>
  /** Whether an answer only asks for a nonce: nothing was done, and the same may be sent again. */
  asksForNonce(status: number, header: (name: string) => string | undefined): boolean
}

/** Nonces that are taken for one request before its refusal is its answer. */
const ROUNDS = 2

/** The HTTP side of the bridge. A held call may stay silent for long, so no time-out of its own ends it. */
export class BridgeLink {
  readonly #url: string
  readonly #credentials: LinkCredentials
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4_000 })

  constructor(target: { readonly url: string; readonly credentials: LinkCredentials }) {
    this.#url = target.url
    this.#credentials = target.credentials
  }

  /** Sent once: a POST that fails is reported, never repeated, but where it was refused for want of a nonce. */
  async send(
    method: 'POST' | 'GET' | 'DELETE',
    sent: { readonly headers: Record<string, string>; readonly body?: string; readonly signal?: AbortSignal },
  ): Promise<LinkAnswer> {
    for (let round = 1; ; round += 1) {
      const { statusCode, headers, body } = await request(this.#url, {
        method,
        dispatcher: this.#agent,
        headers: { ...sent.headers, ...(await this.#credentials.headers(method, this.#url)) },
        ...(sent.body === undefined ? {} : { body: sent.body }),
        ...(sent.signal === undefined ? {} : { signal: sent.signal }),
      })
      const header = (name: string): string | undefined => {
        const value = headers[name]
        return Array.isArray(value) ? value[0] : value
      }
      const again = this.#credentials.asksForNonce(statusCode, header) && round < ROUNDS
      if (!again) return { status: statusCode, headers, body }
      await body.dump()
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy()
  }
}
