import { createHash, randomBytes } from 'node:crypto'
import type { HolderKey } from '../../src/identity/holder-key.ts'
import { CookieBrowser } from './cookie-browser.ts'
import { CALLBACK } from './oauth-agent.ts'
import { APPROVER_CODE } from './running-gateway.ts'

export const DELEGATE = {
  action: 'delegate',
  code: APPROVER_CODE,
  workflow: 'fix-tests',
  intent: 'mend the build',
}

interface Registered {
  readonly client_id: string
}

export interface TokenAnswer {
  readonly status: number
  readonly access_token?: string
  readonly refresh_token?: string
  readonly error?: string
}

/** The protocol by hand, against one gateway, so that each of its parts can be wrong. */
export class OAuthFlow {
  readonly base: string

  constructor(base: string) {
    this.base = base
  }

  async register(more: Record<string, unknown> = {}): Promise<Registered & { status: number }> {
    const response = await fetch(`${this.base}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'tester', redirect_uris: [CALLBACK], ...more }),
    })
    return { status: response.status, ...((await response.json()) as Registered) }
  }

  async authorize(change: Record<string, string | undefined> = {}, fields: Record<string, string> = {}) {
    const { client_id } = await this.register()
    const verifier = randomBytes(32).toString('base64url')
    const given: Record<string, string | undefined> = {
      client_id,
      response_type: 'code',
      redirect_uri: CALLBACK,
      resource: `${this.base}/mcp`,
      state: 'abc',
      code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      ...change,
    }
    const url = new URL(`${this.base}/oauth/authorize`)
    for (const [name, value] of Object.entries(given))
      if (value !== undefined) url.searchParams.set(name, value)
    const browser = new CookieBrowser(CALLBACK)
    const first = await browser.go(url)
    const send = async (): Promise<URL | undefined> => {
      const form = await browser.submit(first, { action: 'login', code: APPROVER_CODE })
      await browser.submit(form, { ...DELEGATE, ...fields })
      return browser.called
    }
    const redeem = (code: string, more: Record<string, string> = {}) =>
      this.token({
        grant_type: 'authorization_code',
        code,
        client_id,
        code_verifier: verifier,
        redirect_uri: CALLBACK,
        ...more,
      })
    return { browser, first, url, client_id, send, redeem }
  }

  /** @param key that is shown with the request (RFC 9449 §5). */
  async token(fields: Record<string, string>, key?: HolderKey): Promise<TokenAnswer> {
    const url = `${this.base}/oauth/token`
    const response = await fetch(url, {
      method: 'POST',
      headers: key === undefined ? {} : { dpop: key.prove({ method: 'POST', url, now: Date.now() }) },
      body: new URLSearchParams(fields),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }

  async call(accessToken: string | undefined, path = '/mcp', send: typeof fetch = fetch): Promise<Response> {
    return send(`${this.base}${path}`, {
      method: 'POST',
      headers: {
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/list',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    })
  }
}
