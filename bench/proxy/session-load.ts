import { Pool } from 'undici'
import { CLIENT_HEADERS, latencies, type Round } from './load.ts'

/** A Streamable HTTP endpoint of the initialize era. */
export interface SessionTarget {
  readonly name: string
  readonly url: string
  readonly tool: string
  /** Sessions take turns with them; absent = it asks for none. */
  readonly tokens?: readonly string[]
  readonly pid: number
}

interface Session {
  readonly id?: string
  readonly token: string | undefined
}

/** Clients with a session each, as many as wanted, that call one after the other. */
export class Sessions {
  readonly #target: SessionTarget
  readonly #pool: Pool
  readonly #path: string
  readonly #open: Session[] = []

  constructor(target: SessionTarget, connections: number) {
    const url = new URL(target.url)
    this.#target = target
    this.#path = url.pathname
    this.#pool = new Pool(url.origin, { connections, pipelining: 1 })
  }

  async open(count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) {
      const params = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'bench', version: '1' },
      }
      const { tokens = [] } = this.#target
      const token = tokens[at % tokens.length]
      const { headers } = await this.#post({ id: 0, method: 'initialize', params }, { token })
      const session = { id: String(headers['mcp-session-id']), token }
      this.#open.push(session)
      await this.#post({ method: 'notifications/initialized' }, session)
    }
  }

  /** @returns latencies in milliseconds. @throws Error for an answer that is none. */
  async run(calls: number, args: object): Promise<Round> {
    const taken: number[] = []
    let left = calls
    const started = performance.now()
    await Promise.all(
      this.#open.map(async (session) => {
        for (let id = 1; left > 0; id += 1) {
          left -= 1
          const sent = performance.now()
          const params = { name: this.#target.tool, arguments: args }
          const { text } = await this.#post({ id, method: 'tools/call', params }, session)
          if (!text.includes('"content"') || text.includes('"isError":true'))
            throw new Error(`${this.#target.name}: ${text.slice(0, 300)}`)
          taken.push(performance.now() - sent)
        }
      }),
    )
    return latencies(taken, started)
  }

  async close(): Promise<void> {
    for (const session of this.#open) {
      await this.#pool
        .request({ path: this.#path, method: 'DELETE', headers: this.#headers(session) })
        .then(({ body }) => body.dump())
    }
    await this.#pool.close()
  }

  async #post(message: object, session: Session) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    const answer = await this.#pool.request({
      path: this.#path,
      method: 'POST',
      headers: this.#headers(session),
      body,
    })
    return { headers: answer.headers, text: await answer.body.text() }
  }

  #headers({ id, token }: Session): Record<string, string> {
    return {
      ...CLIENT_HEADERS,
      ...(id === undefined ? {} : { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
  }
}
