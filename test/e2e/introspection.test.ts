import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HolderKey } from '../../src/identity/holder-key.ts'
import { answerDevice, askForDevice, pollDevice } from '../support/device-flow.ts'
import { OAuthFlow } from '../support/oauth-flow.ts'
import { startGateway, type RunningGateway } from '../support/running-gateway.ts'

const SECRET = 'a secret: of 32 characters + more'

let gateway: RunningGateway
let flow: OAuthFlow

beforeAll(async () => {
  gateway = await startGateway({
    config: () => `oauth:
  introspection:
    tickets: { secret: 'secret:introspect' }
    short: { secret: 'secret:short' }
`,
    prepare: (home) => {
      const folder = join(home, '.remit', 'secrets')
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, 'introspect'), SECRET, { mode: 0o600 })
      writeFileSync(join(folder, 'short'), 'short-secret', { mode: 0o600 })
    },
  })
  flow = new OAuthFlow(new URL(gateway.agentUrl).origin)
}, 240_000)

afterAll(() => gateway.remove())

async function ask(
  fields: Record<string, string> | string,
  as: readonly [string, string] | undefined = ['tickets', SECRET],
): Promise<{ status: number; challenge: string | null; answer: Record<string, unknown> }> {
  const basic = as?.map((part) => encodeURIComponent(part)).join(':')
  const response = await fetch(`${flow.base}/oauth/introspect`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(basic === undefined ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
    },
    body: new URLSearchParams(fields),
  })
  const answer = (await response.json()) as Record<string, unknown>
  return { status: response.status, challenge: response.headers.get('www-authenticate'), answer }
}

test('R-ID-4: a configured resource server is told whether a token is good now, and what it says', async () => {
  const asked = await askForDevice(flow)
  await answerDevice(gateway, asked.user_code)
  const tokens = await pollDevice(flow, asked)
  const { task, token } = gateway.task()
  for (const [text, more] of [
    [tokens.access_token ?? '', { scope: 'mcp', client_id: asked.client_id }],
    [token, { txn: task.id }],
  ] as const) {
    expect(await ask({ token: text, token_type_hint: 'access_token' })).toMatchObject({
      status: 200,
      answer: {
        active: true,
        token_type: 'Bearer',
        iss: flow.base,
        aud: gateway.agentUrl,
        exp: expect.any(Number),
        act: { sub: expect.any(String) },
        ...more,
      },
    })
  }
  gateway.remit(['task', 'revoke', task.id])
  const inactive = { status: 200, answer: { active: false } }
  expect(await ask({ token })).toMatchObject(inactive)
  for (const text of ['no-token', `${token}x`, tokens.refresh_token ?? ''])
    expect((await ask({ token: text })).answer).toEqual({ active: false })
  const metadata = await (await fetch(`${flow.base}/.well-known/oauth-authorization-server`)).json()
  expect(metadata).toMatchObject({
    introspection_endpoint: `${flow.base}/oauth/introspect`,
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
  })
})

test('R-ID-4: of a token that a key holds, the answer names the key, so that a resource server can ask for its proof', async () => {
  const asked = await askForDevice(flow)
  await answerDevice(gateway, asked.user_code)
  const key = HolderKey.make()
  const tokens = await pollDevice(flow, asked, key)
  expect((await ask({ token: tokens.access_token ?? '' })).answer).toMatchObject({
    active: true,
    token_type: 'DPoP',
    cnf: { jkt: key.thumbprint },
  })
})

// RFC 9449 §5: the refresh token of a public client is its key's.
test.each([
  ['another key shows a refresh token that is good', 'good', 'another', true],
  ['another key shows one that was used', 'used', 'another', true],
  ['nobody shows a key for one that was used', 'used', 'none', true],
  ['nobody shows a key for one that is good', 'good', 'none', false],
] as const)('R-ID-4 attack, refresh reuse: %s', async (_, state, shown, ends) => {
  const key = HolderKey.make()
  const asked = await askForDevice(flow)
  await answerDevice(gateway, asked.user_code)
  const first = await pollDevice(flow, asked, key)
  const { client_id } = asked
  const refresh = (token: string | undefined, by: HolderKey | undefined) =>
    flow.token({ grant_type: 'refresh_token', refresh_token: token ?? '', client_id }, by)
  const second = await refresh(first.refresh_token, key)
  expect(second.status).toBe(200)
  const stolen = state === 'used' ? first.refresh_token : second.refresh_token
  const thief = shown === 'another' ? HolderKey.make() : undefined
  expect(await refresh(stolen, thief)).toMatchObject({ status: 400, error: 'invalid_grant' })
  expect((await ask({ token: second.access_token ?? '' })).answer['active']).toBe(!ends)
  expect((await refresh(second.refresh_token, key)).status).toBe(ends ? 400 : 200)
})

test('R-SEC-1: nobody else may ask: no agent’s client, no wrong or short secret, no token in place of one', async () => {
  const { token } = gateway.task()
  const { client_id } = await flow.register()
  const refused = {
    status: 401,
    challenge: expect.stringMatching(/^Basic/),
    answer: { error: 'invalid_client' },
  }
  for (const as of [
    ['tickets', 'wrong'],
    ['short', 'short-secret'],
    ['nobody', SECRET],
    [client_id, ''],
    ['__proto__', ''],
  ] as const)
    expect(await ask({ token }, as)).toEqual(refused)
  const response = await fetch(`${flow.base}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new URLSearchParams({ token, client_id }),
  })
  expect(response.status).toBe(401)
  expect((await ask({})).status).toBe(400)
  expect((await ask('token=a&token=b')).status).toBe(400)
})
