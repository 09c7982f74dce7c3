import { Agent, request, type Dispatcher } from 'undici'

/** A gateway's answer as it begins. */
export interface LinkAnswer {
  readonly status: number
  readonly headers: Dispatcher.ResponseData['headers']
  readonly body: Dispatcher.ResponseData['body']
}

/** The HTTP side of the bridge. A held call may stay silent for long, so no time-out of its own ends it. */
export class BridgeLink {
  readonly #url: string
  readonly #token: () => Promise<string>
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4_000 })

  constructor(target: { readonly url: string; readonly token: () => Promise<string> }) {
    this.#url = target.url
    this.#token = target.token
  }

  /** Sent once: a POST that fails is reported, never repeated. */
  async send(
    method: 'POST' | 'GET' | 'DELETE',
    sent: { readonly headers: Record<string, string>; readonly body?: string; readonly signal?: AbortSignal },
  ): Promise<LinkAnswer> {
    const { statusCode, headers, body } = await request(this.#url, {
      method,
      dispatcher: this.#agent,
      headers: { ...sent.headers, authorization: `Bearer ${await this.#token()}` },
      ...(sent.body === undefined ? {} : { body: sent.body }),
      ...(sent.signal === undefined ? {} : { signal: sent.signal }),
    })
    return { status: statusCode, headers, body }
  }

  close(): Promise<void> {
    return this.#agent.destroy()
  }
}
