import { calculateJwkThumbprint, decodeJwt, exportJWK } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordsAnswer } from '../../src/api/contract.ts'
import { realServers } from '../support/real-servers.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const INSECURE = { [oauth.allowInsecureRequests]: true } as const
/** A standard client, which has nothing of Remit in it. */
const CLIENT: oauth.Client = { client_id: 'orchestrator' }

let gateway: RunningGateway
let server: oauth.AuthorizationServer
beforeAll(async () => {
  gateway = await startGateway({ config: realServers })
  const issuer = new URL(new URL(gateway.agentUrl).origin)
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...INSECURE })
  server = await oauth.processDiscoveryResponse(issuer, found)
}, 240_000)
afterAll(() => gateway.remove())

interface Key {
  readonly proof: oauth.DPoPHandle
  readonly jkt: string
}

async function makeKey(): Promise<Key> {
  const pair = await oauth.generateKeyPair('ES256')
  const jkt = await calculateJwkThumbprint(await exportJWK(pair.publicKey))
  return { proof: oauth.DPoP(CLIENT, pair), jkt }
}

async function heldTask(...args: readonly string[]) {
  const key = await makeKey()
  return { key, token: gateway.task(['--dpop-jkt', key.jkt, ...args]).token }
}

type Told = oauth.TokenEndpointResponse & Readonly<Record<string, never>>
interface Refused {
  readonly error: string
  readonly code?: string
  readonly approval?: string
  readonly error_description: string
}

/** One request of a standard client: what it made of the answer, or the error as it was told. */
async function exchange(
  token: string,
  key: Key | undefined,
  more: Readonly<Record<string, string>>,
): Promise<Told | Refused> {
  const parameters = { subject_token: token, subject_token_type: ACCESS_TOKEN, ...more }
  const options = { ...INSECURE, ...(key === undefined ? {} : { DPoP: key.proof }) }
  const response = await oauth.genericTokenEndpointRequest(
    server,
    CLIENT,
    oauth.None(),
    GRANT,
    parameters,
    options,
  )
  try {
    return (await oauth.processGenericTokenEndpointResponse(server, CLIENT, response)) as Told
  } catch (thrown) {
    if (thrown instanceof oauth.ResponseBodyError) return thrown.cause as unknown as Refused
    throw thrown
  }
}

async function admin<Answer>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${gateway.adminUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer mona:${APPROVER_CODE}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Answer
}

/** Asks, has a maintainer agree, and asks the same again. */
async function agreed(token: string, key: Key | undefined, more: Readonly<Record<string, string>>) {
  const asked = (await exchange(token, key, more)) as Refused
  expect(asked).toMatchObject({ error: 'authorization_pending', code: 'approval_pending' })
  expect(asked.error_description).toMatch(/pending.*retry exactly the same call/)
  await admin(`/approvals/${asked.approval ?? ''}/approve`, {})
  const told = (await exchange(token, key, more)) as Told
  expect(told).toHaveProperty('access_token')
  return told
}

async function call(token: string, key: Key): Promise<number> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } })
  const headers = new Headers({
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/list',
  })
  const url = new URL(gateway.agentUrl)
  const options = { ...INSECURE, DPoP: key.proof }
  return oauth.protectedResourceRequest(token, 'POST', url, headers, body, options).then(
    ({ status }) => status,
    (thrown: unknown) => (thrown as { readonly status: number }).status,
  )
}

test('R-ID-3: the metadata names the grant, and what can be said in authorization_details', () => {
  expect(server.grant_types_supported).toContain(GRANT)
  expect(server['authorization_details_types_supported']).toEqual(['remit_task'])
})

test('R-ID-3: a standard client exchanges the token of a held task for one of a child with a key of its own, once a human agreed', async () => {
  const parent = await heldTask('--path', 'src/**')
  const child = await makeKey()
  const told = await agreed(parent.token, parent.key, {
    intent: 'read the sources',
    scope: 'mcp paths:src/api/** hosts:localhost',
    dpop_jkt: child.jkt,
  })
  expect(told).toMatchObject({
    token_type: 'dpop',
    issued_token_type: ACCESS_TOKEN,
    scope: 'mcp paths:src/api/** hosts:localhost',
    authorization_details: [{ type: 'remit_task', intent: 'read the sources', holder: child.jkt }],
  })
  expect(told.expires_in).toBeGreaterThan(60)
  const [above, claims] = [decodeJwt(parent.token), decodeJwt(told.access_token)]
  expect(claims).toMatchObject({ cnf: { jkt: child.jkt }, sub: 'alice' })
  const acts = claims['act'] as { readonly sub: string; readonly act: { readonly sub: string } }
  expect(acts.sub).toMatch(new RegExp(`^[\\w-]+:${String(claims['txn'])}$`))
  expect(acts.act).toEqual(above['act'])
  expect(claims.exp).toBeLessThanOrEqual(above.exp ?? 0)
  expect(await call(told.access_token, child)).toBe(200)
  expect(await call(told.access_token, parent.key)).toBe(401)
  const { records } = await admin<RecordsAnswer>(`/records?kind=task.created&task=${String(claims['txn'])}`)
  expect(records).toHaveLength(1)

  // The child of the child: again a hop of its own, named whole.
  const grandchild = await makeKey()
  const details = JSON.stringify([
    { type: 'remit_task', intent: 'one file', scope: { paths: ['src/api/a.ts'] }, budget: { calls: 3 } },
  ])
  const next = await agreed(told.access_token, child, {
    authorization_details: details,
    dpop_jkt: grandchild.jkt,
  })
  expect(decodeJwt(next.access_token)['act']).toMatchObject({ act: acts })
  expect(await call(next.access_token, grandchild)).toBe(200)
  gateway.remit(['task', 'revoke', String(above['txn']), '--reason', 'enough'])
  expect(await call(next.access_token, grandchild)).toBe(401)
}, 60_000)

test('R-ID-3, R-SEC-1: what an exchange may not be is refused in words of RFC 8693, and nothing is made', async () => {
  const { token, key } = await heldTask('--path', 'src/**')
  const other = await makeKey()
  const own = { intent: 'x' }
  const tries: readonly (readonly [string, Key | undefined, Record<string, string>, string])[] = [
    [token, undefined, own, 'invalid_dpop_proof'],
    [token, other, own, 'invalid_dpop_proof'],
    ['nonsense', undefined, own, 'invalid_request'],
    [token, key, {}, 'invalid_request'],
    [token, key, { ...own, scope: 'paths:docs/**' }, 'invalid_scope'],
    [token, key, { ...own, scope: 'offline_access' }, 'invalid_scope'],
    [token, key, { ...own, authorization_details: '[{"type":"payment"}]' }, 'invalid_authorization_details'],
    [token, key, { ...own, authorization_details: '[]' }, 'invalid_authorization_details'],
    [token, key, { ...own, resource: 'https://elsewhere.example/mcp' }, 'invalid_target'],
    [token, key, { ...own, audience: 'elsewhere' }, 'invalid_target'],
    [token, key, { ...own, actor_token: token, actor_token_type: ACCESS_TOKEN }, 'invalid_request'],
    [
      token,
      key,
      { ...own, requested_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
      'invalid_request',
    ],
    [token, key, { ...own, dpop_jkt: 'short' }, 'invalid_request'],
    // Key of an ancestor: whoever holds it would be delegating to itself.
    [token, key, { ...own, dpop_jkt: key.jkt }, 'invalid_request'],
  ]
  for (const [subject, proof, more, error] of tries) {
    expect([more, await exchange(subject, proof, more)]).toMatchObject([more, { error }])
  }
  const tasks = JSON.parse(
    gateway.remit(['task', 'tree', String(decodeJwt(token)['txn']), '--json']).stdout,
  ) as {
    readonly tree: { readonly children: readonly unknown[] }
  }
  expect(tasks.tree.children).toEqual([])
})
