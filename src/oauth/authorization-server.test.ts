import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RemitError } from '../core/errors.ts'
import { DEFAULT_TENANT, type HumanId } from '../core/ids.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from '../server/system-clock.ts'
import { type AuthorizationServer, createAuthorizationServer } from './authorization-server.ts'

const DOCUMENT = 'https://agent.example/client.json'
const CALLBACK = 'http://localhost:8123/callback'
const ADMIN = 'http://localhost:1'

let listener: Server
let issuer: string
let server: AuthorizationServer
let published: string
let fetched: string[]

beforeEach(async () => {
  fetched = []
  listener = createServer((request, response) => {
    server.handle(request, response)
  })
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve)
  })
  issuer = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  const store = createMemoryStore()
  const { privateKey } = generateKeyPairSync('ed25519')
  const none = (): never => {
    throw new RemitError('task_unknown', 'no task is made here')
  }
  server = createAuthorizationServer({
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
    cookieKey: 'c'.repeat(32),
    fetchDocument: async (url) => {
      fetched.push(url)
      return new Response(published, { headers: { 'content-type': 'application/json' } })
    },
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    log: { log: () => {} },
  })
})

afterEach(() => {
  vi.useRealTimers()
  listener.close()
})

function publish(more: Record<string, unknown> = {}): void {
  published = JSON.stringify({
    client_id: DOCUMENT,
    client_name: 'Published agent',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    ...more,
  })
}

function ask(clientId = DOCUMENT): Promise<Response> {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: CALLBACK,
    resource: `${issuer}/mcp`,
    code_challenge_method: 'S256',
    code_challenge: 'x'.repeat(43),
  })
  return fetch(`${issuer}/oauth/authorize?${query.toString()}`, { redirect: 'manual' })
}

test('R-ID-4: a client whose id is the address of its document is described by it, under the host that publishes it', async () => {
  publish()
  const location = (await ask()).headers.get('location') ?? ''
  expect(location).toMatch(new RegExp(`^${ADMIN}/delegate/[\\w-]+$`))
  const id = location.split('/').at(-1) ?? ''
  expect(await server.requests.find(id)).toEqual({
    id,
    name: 'Published agent',
    clientId: DOCUMENT,
    documentHost: 'agent.example',
    redirectHost: 'localhost:8123',
    onlyThisMachine: true,
    agent: { id: expect.stringMatching(/^agent\.example\+[0-9a-f]{16}$/), kind: 'agent.example' },
  })
  await ask()
  expect(fetched).toEqual([DOCUMENT])
})

test.each([
  ['names another client', { client_id: 'https://agent.example/other.json' }],
  ['has a secret', { client_secret: 'x' }],
  ['is larger than 64 KiB', { padding: 'x'.repeat(65_536) }],
  ['does not name the address', { redirect_uris: ['https://agent.example/callback'] }],
])('R-ID-4: a document that %s is refused', async (_what, more) => {
  publish(more)
  const answer = await ask()
  expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({
    status: 400,
    location: null,
  })
})

test.each([
  'http://agent.example/c',
  'https://agent.example/../c',
  'https://me@agent.example/c',
  'https://agent.example/c#f',
])('R-ID-4: `%s` is no id of a client, and nothing is fetched', async (clientId) => {
  publish({ client_id: clientId })
  expect((await ask(clientId)).status).toBe(400)
  expect(fetched).toEqual([])
})

test('R-ID-4: a code of a terminal ends after a quarter of an hour, and the terminal is told', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const grant_types = ['urn:ietf:params:oauth:grant-type:device_code']
  publish({ grant_types, response_types: [], redirect_uris: [] })
  const post = async (path: string, fields: Record<string, string>): Promise<Record<string, string>> => {
    const body = new URLSearchParams({ client_id: DOCUMENT, ...fields })
    const answer = await fetch(`${issuer}${path}`, { method: 'POST', body })
    return (await answer.json()) as Record<string, string>
  }
  const asked = await post('/oauth/device', {})
  const poll = () =>
    post('/oauth/token', { grant_type: grant_types[0] ?? '', device_code: asked['device_code'] ?? '' })
  const human = 'mona' as HumanId
  expect(await poll()).toMatchObject({ error: 'authorization_pending' })
  expect(await server.devices.enter(asked['user_code'] ?? '', human)).toBeDefined()
  vi.setSystemTime(Date.now() + 901_000)
  expect(await poll()).toMatchObject({ error: 'expired_token' })
  expect(await server.devices.enter(asked['user_code'] ?? '', human)).toBeUndefined()
})
