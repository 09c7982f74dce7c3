import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RemitError } from '../../src/core/errors.ts'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import { type AuthorizationServer, createAuthorizationServer } from '../../src/oauth/authorization-server.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from '../../src/server/system-clock.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'

export const DOCUMENT = 'https://agent.example/client.json'
export const CALLBACK = 'http://localhost:8123/callback'
/** Where people would answer. */
export const ADMIN = 'http://localhost:1'

/** The authorization server without a gateway: as far as a human who would answer, and no task is made. */
export interface BareServer {
  readonly issuer: string
  readonly server: AuthorizationServer
  /** What was fetched of what clients name. */
  readonly fetched: readonly string[]
  /** The document of `DOCUMENT`, and of every other client that is an address. */
  publish(more?: Record<string, unknown>): void
  authorize(change?: Record<string, string | readonly string[]>): Promise<Response>
  register(metadata: Record<string, unknown>): Promise<{ status: number; client_id?: string; error?: string }>
  close(): void
}

export async function startBareServer(): Promise<BareServer> {
  const fetched: string[] = []
  let published = ''
  const listener = createServer((request, response) => {
    server.handle(request, response)
  })
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve)
  })
  const issuer = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  const store = createMemoryStore()
  const { privateKey } = generateKeyPairSync('ed25519')
  const none = (): never => {
    throw new RemitError('task_unknown', 'no task is made here')
  }
  const server = createAuthorizationServer({
    tenant: DEFAULT_TENANT,
    issuer,
    audience: `${issuer}/mcp`,
    adminUrl: ADMIN,
    store: store.oauth,
    journal: store.journal,
    tasks: { create: none, standing: none, hold: none, end: none },
    nonceSecret: Buffer.alloc(32),
    nonceRequired: false,
    keys: {
      signing: () => ({ kid: 'k', privateKey }),
      get: () => undefined,
      privateKey: () => privateKey,
      published: () => [],
      maxAge: 300,
    },
    clientCertificates: false,
    cookieKey: 'c'.repeat(32),
    fetchDocument: async (url) => {
      fetched.push(url)
      return new Response(published, { headers: { 'content-type': 'application/json' } })
    },
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    log: { log: () => {} },
  })
  return {
    issuer,
    server,
    fetched,
    publish(more = {}) {
      published = JSON.stringify({
        client_id: DOCUMENT,
        client_name: 'Published agent',
        redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        ...more,
      })
    },
    authorize(change = {}) {
      const query = new URLSearchParams()
      const given = {
        client_id: DOCUMENT,
        response_type: 'code',
        redirect_uri: CALLBACK,
        resource: `${issuer}/mcp`,
        state: 'abc',
        code_challenge_method: 'S256',
        code_challenge: 'x'.repeat(43),
        ...change,
      }
      for (const [name, values] of Object.entries(given))
        for (const value of [values].flat()) query.append(name, value)
      return fetch(`${issuer}/oauth/authorize?${query.toString()}`, { redirect: 'manual' })
    },
    async register(metadata) {
      const answer = await fetch(`${issuer}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(metadata),
      })
      return { status: answer.status, ...((await answer.json()) as object) }
    },
    close() {
      listener.closeAllConnections()
      listener.close()
    },
  }
}
